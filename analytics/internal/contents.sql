-- The tables and views of the schema internal of the database in use, and which of the two each is.
select 'table' as kind, table_name as name
from duckdb_tables()
where database_name = current_database() and schema_name = 'internal' and not temporary
union all
select 'view', view_name
from duckdb_views()
where database_name = current_database() and schema_name = 'internal' and not temporary
