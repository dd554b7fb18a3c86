-- One row per network of the whole log, busiest first. In this order colours are given out, whatever
-- the period, so that a network keeps its colour.
select mcc, mnc, sum(messages)::bigint as messages
from internal.daily_facts
group by mcc, mnc
order by messages desc, mcc, mnc
