-- One row per network of the whole log, busiest first: the order in which colours are given out,
-- whatever the period, so that a network keeps its colour.
select mcc, mnc, sum(messages) as messages
from network_performance
group by mcc, mnc
order by messages desc, mcc, mnc
