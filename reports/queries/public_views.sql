-- Grain: one row per public view. Inputs: the catalogue itself.
-- Why: an export that names no view is answered with the names there are.
select view_name as name
from duckdb_views()
where schema_name = 'main' and not internal
order by all
