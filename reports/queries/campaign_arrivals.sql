-- One row per campaign: messages sent at least 10 s ago, and those of them that arrived within 10 s.
select
    campaign,
    sum(aged_10s)::bigint as aged_10s,
    sum(case when latency_seconds <= 10 then aged_10s else 0 end)::bigint as in_10s
from internal.daily_facts
where date between $from_date and $to_date
group by campaign
