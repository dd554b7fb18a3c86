-- How late the receipts of deliveries came, seconds, and the 95 % interval of the p95 from the ranks: one row
-- per day sent, or ($by_day false) one of the period; none where none came. Of one network or (null) of all,
-- which need no names.
with counted as (
    select case when $by_day then date end as date, lag_ms, sum(messages) as receipts
    from internal.receipt_cells as cells
    where lag_ms is not null
        and cells.date between $from_date and $to_date
        and ($mcc is null or exists (
            from internal.network_codes as code
            where code.raw_mcc = cells.mcc and code.raw_mnc = cells.mnc
                and cells.date between code.valid_from and code.valid_to
                and code.mcc = $mcc and code.mnc = $mnc
        ))
    group by all
),
ranked as (
    select
        date, lag_ms,
        sum(receipts) over (partition by date order by lag_ms) as reached,
        sum(receipts) over (partition by date) as total
    from counted
),
placed as (
    select
        date,
        any_value(total)::bigint as receipts,
        min(lag_ms) filter (reached > floor(internal.rank_at(0.5, total))) as low_50,
        min(lag_ms) filter (reached > ceil(internal.rank_at(0.5, total))) as high_50,
        min(lag_ms) filter (reached > floor(internal.rank_at(0.95, total))) as low_95,
        min(lag_ms) filter (reached > ceil(internal.rank_at(0.95, total))) as high_95,
        min(lag_ms) filter (reached > internal.end_rank(0.95, total, -1.959963984540054)) as low_end,
        min(lag_ms) filter (reached > internal.end_rank(0.95, total, 1.959963984540054)) as high_end
    from ranked
    group by date
)
select
    date, receipts,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, receipts)) / 1000 as receipt_lag_p50,
    internal.interpolated(low_95, high_95, internal.rank_at(0.95, receipts)) / 1000 as receipt_lag_p95,
    low_end / 1000 as receipt_lag_p95_low,
    high_end / 1000 as receipt_lag_p95_high
from placed
order by date
