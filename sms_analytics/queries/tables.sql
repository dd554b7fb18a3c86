-- Grain: one row per public view. Inputs: the catalogue itself.
-- Why: whoever asks should see at once what can be asked, and what it means.
select view_name as name, comment as meaning
from duckdb_views()
where schema_name = 'main' and not internal
order by all
