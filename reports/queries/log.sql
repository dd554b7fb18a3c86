-- One row per network of the whole log, busiest first. In this order colours are given out, whatever
-- the period, so that a network keeps its colour.
with counted as (
    select mcc, mnc, sum(messages) as messages
    from internal.delivery_cells
    group by mcc, mnc
)
select
    coalesce(code.mcc, counted.mcc) as mcc,
    coalesce(code.mnc, counted.mnc) as mnc,
    sum(messages)::bigint as messages
from counted
left join (select distinct raw_mcc, raw_mnc, mcc, mnc from internal.network_codes) as code
    on code.raw_mcc = counted.mcc and code.raw_mnc = counted.mnc
group by all
order by messages desc, mcc, mnc
