-- Grain: one row per run that did something or went wrong, the latest first.
-- Inputs: job_runs. $outcomes: those wanted; $rows: how many at most.
select job, started_at, duration_seconds, outcome, error, events
from job_runs
where list_contains($outcomes, outcome)
order by started_at desc, job
limit $rows
