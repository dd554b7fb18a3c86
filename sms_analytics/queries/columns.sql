-- Grain: one row per column of the public view $name, in its order. Inputs: the catalogue itself.
-- Why: a column's unit and meaning should be one command away.
select column_name as name, data_type as type, comment as meaning
from duckdb_columns()
where schema_name = 'main' and not internal and table_name = $name
order by column_index
