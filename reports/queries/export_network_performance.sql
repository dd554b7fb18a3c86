-- Grain: one row per network that was sent to from $from_date to $to_date, both included; null is
-- no bound, and without either the rows are those of the view network_performance.
-- Inputs: network_performance_between.
-- Why: rates and percentiles of a period cannot be had by filtering those of the whole log.
select columns(lambda name: not list_contains($hidden, name))
from network_performance_between($from_date, $to_date)
order by all
