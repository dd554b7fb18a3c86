-- Are the server's jobs well?
select job, started_at, duration_seconds, outcome, error
from job_runs
where is_last
order by job
