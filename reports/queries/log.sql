-- One row per network of the whole log, busiest first, with its first and last day. In this order
-- colours are given out, whatever the period, so that a network keeps its colour.
select
    mcc, mnc,
    sum(messages)::bigint as messages,
    min(date) as first_date,
    max(date) as last_date
from delivery_daily
group by mcc, mnc
order by messages desc, mcc, mnc
