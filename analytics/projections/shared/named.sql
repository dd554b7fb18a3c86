-- What was set up under a name. Grain: one table or view.
select 'table', table_name from duckdb_tables()
union all
select 'view', view_name from duckdb_views() where not internal
