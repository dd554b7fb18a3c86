-- Grain: one row per run of a job that is remembered. Inputs: the jobs' own file of their runs.
create view job_runs as
select
    job, started_at, ended_at, duration_seconds, outcome, error, events,
    row_number() over (partition by job order by started_at desc) = 1 as is_last
from internal.job_runs_all
