-- Grain: one row per public macro. Inputs: the catalogue's own comments.
select
    function_name as name,
    parameters,
    function_type = 'table_macro' as is_table,
    comment as meaning
from duckdb_functions()
where database_name = 'analytics' and schema_name = 'main' and not internal
order by is_table desc, name
