-- The tables that were set up. Not the views, since to list these opens their files. Grain: one table.
select table_name from duckdb_tables()
