-- The runs of the jobs before there was one: the columns of the jobs' file, and no row.
create table internal.job_runs_all (
    job varchar,
    started_at timestamptz,
    ended_at timestamptz,
    duration_seconds double,
    outcome varchar,
    error varchar,
    events bigint
)
