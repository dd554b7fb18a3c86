-- Grain: one bin of the latency histogram: from (inclusive) to (exclusive) in seconds; the last is
-- open. 0 to 5 by 1, then 10 15 20 25 30 40 50 s; 1 2 3 4 5 10 15 20 25 30 45 min; 1 6 12 18 h;
-- 1 2 3 d.
create table internal.latency_bins as
select
    latency_from_seconds,
    lead(latency_from_seconds) over (order by latency_from_seconds) as latency_to_seconds
from (
    select unnest([
        0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50,
        60, 120, 180, 240, 300, 600, 900, 1200, 1500, 1800, 2700,
        3600, 21600, 43200, 64800,
        86400, 172800, 259200
    ]::bigint[]) as latency_from_seconds
)
