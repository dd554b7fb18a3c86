-- Grain: one row per alert, the open ones first, then the latest. Inputs: alerts, read anew at each
-- question. $open: whether only open ones are wanted; $rows: how many at most.
select *
from alerts
where is_open or not $open
order by is_open desc, fired_at desc, alert_id
limit $rows
