-- Grain: one row per column of a public view, in its order, with what the view means too.
-- Inputs: the catalogue's own comments. Why: whoever asks should see what can be asked, and its units.
select
    view.view_name as view,
    view.comment as about,
    col.column_name as name,
    col.data_type as type,
    col.comment as meaning
from duckdb_views() as view
inner join duckdb_columns() as col
    on col.database_name = view.database_name and col.schema_name = view.schema_name
    and col.table_name = view.view_name
where view.database_name = 'analytics' and view.schema_name = 'main' and not view.internal
order by view.view_name, col.column_index
