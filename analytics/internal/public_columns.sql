-- Grain: one row per name of a column of the public views. Inputs: the catalogue itself.
select distinct column_name as name
from duckdb_columns()
where database_name = 'analytics' and schema_name = 'main'
order by name
