-- Grain: one row per job that ever ran, those whose last run went wrong first.
-- Inputs: job_runs, read anew at each question. Counts are of the runs that are remembered.
with last_runs as (
    select
        job,
        max(started_at) filter (is_last) as started_at,
        max(outcome) filter (is_last) as outcome,
        max(error) filter (is_last) as error,
        max(duration_seconds) filter (is_last) as seconds,
        max(ended_at) filter (outcome in ('succeeded', 'idle')) as well_at,
        count(*) filter (outcome in ('failed', 'interrupted')) as faults,
        count(*) as runs
    from job_runs
    group by job
)

from last_runs
order by outcome not in ('failed', 'interrupted'), job
