-- Grain: one row for each chosen key, how late the receipts of messages delivered came; the keys that
-- are not chosen are NULL. Our clock less SMSO's, so it is never mixed with latency. Percentiles as in
-- internal.delivery, of lags in whole milliseconds.
create macro internal.receipt_lag(from_date, to_date, by_date, by_network) as table
with by_lag as (
    select
        case when by_date then date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        case when by_network then network end as network,
        case when by_network then country end as country,
        lag_ms,
        sum(messages) as receipts
    from internal.receipt_facts
    where lag_ms is not null
        and (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
),
ranked as (
    select
        *,
        sum(receipts) over (partition by date, mcc, mnc, network, country order by lag_ms) as reached,
        sum(receipts) over (partition by date, mcc, mnc, network, country) as total
    from by_lag
),
summed as (
    select
        date, mcc, mnc, network, country,
        sum(receipts)::bigint as receipts,
        min(lag_ms) filter (reached > floor(internal.rank_at(0.5, total))) as low_50,
        min(lag_ms) filter (reached > ceil(internal.rank_at(0.5, total))) as high_50,
        min(lag_ms) filter (reached > floor(internal.rank_at(0.95, total))) as low_95,
        min(lag_ms) filter (reached > ceil(internal.rank_at(0.95, total))) as high_95
    from ranked
    group by date, mcc, mnc, network, country
)
select
    date, mcc, mnc, network, country, receipts,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, receipts)) / 1000
        as receipt_lag_p50,
    internal.interpolated(low_95, high_95, internal.rank_at(0.95, receipts)) / 1000
        as receipt_lag_p95
from summed
