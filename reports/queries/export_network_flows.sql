-- Grain: one row per pair of networks between which numbers moved from $from_date to $to_date, both
-- included; null is no bound, and without either the rows are those of the view network_flows.
-- Inputs: network_flows_between.
-- Why: rates of a period cannot be had by filtering those of the whole log.
select columns(lambda name: not list_contains($hidden, name))
from network_flows_between($from_date, $to_date)
order by all
