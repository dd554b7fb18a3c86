-- Grain: one row per name of a view, table or macro, and what it is to a stranger: a public view, a
-- public macro that stands in the place of a view, or hidden.
-- Why: a query may name what is public, and functions that only compute; and it may name nothing of
-- its own like something hidden, since out of its scope the name would mean that.
select view_name as name,
    case when database_name = 'analytics' and schema_name = 'main' then 'view' else 'hidden' end as kind
from duckdb_views()
union
select table_name, 'hidden'
from duckdb_tables()
union
select function_name, case when schema_name = 'main' then 'macro' else 'hidden' end
from duckdb_functions()
where database_name = 'analytics'
    and (schema_name <> 'main' or function_type = 'table_macro')
