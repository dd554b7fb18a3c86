-- Grain: one row per public view, and per macro that stands in the place of a table.
-- Why: a stranger's query may name these, and functions that only compute.
select view_name as name, true as is_view
from duckdb_views()
where database_name = 'analytics' and schema_name = 'main' and not internal
union all
select distinct function_name, false
from duckdb_functions()
where database_name = 'analytics' and schema_name = 'main' and function_type = 'table_macro'
