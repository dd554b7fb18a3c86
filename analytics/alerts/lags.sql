-- Grain: one network (codes as its country spells them): after how many seconds 99 of 100 receipts of
-- deliveries of the last seven days had come ($lag_seconds_max at most), and what share had by then.
-- Inputs: the receipt cells, by way of internal.receipt_facts.
with lags as (
    select mcc, mnc, lag_ms, sum(messages) as messages
    from internal.receipt_facts
    where sent_day >= internal.day_ago((7 * 24 + 5) * 3600)
        and lag_ms is not null
    group by mcc, mnc, lag_ms
),
reached as (
    select
        *,
        sum(messages) over (partition by mcc, mnc order by lag_ms)
            / sum(messages) over (partition by mcc, mnc) as share
    from lags
),
usual as (
    select
        mcc, mnc,
        greatest(0, least($lag_seconds_max, ceil(min(lag_ms) filter (share >= 0.99) / 1000)))
            as lag_seconds
    from reached
    group by mcc, mnc
)
select
    mcc,
    mnc,
    lag_seconds,
    coalesce(max(share) filter (lag_ms <= lag_seconds * 1000), 0) as known_share
from reached
inner join usual using (mcc, mnc)
group by mcc, mnc, lag_seconds
order by all
