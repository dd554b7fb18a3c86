-- Grain: one row, how late the delivered receipts of the messages sent on these dates (inclusive,
-- report time zone) reached us. Our clock less SMSO's, so it is never mixed with latency.
create macro receipt_lag_between(from_date, to_date) as table
select
    count(*) as receipts,
    quantile_cont(lag_seconds, 0.5) as receipt_lag_p50,
    quantile_cont(lag_seconds, 0.95) as receipt_lag_p95
from (
    select (epoch_us(final_ingested_at) - epoch_us(delivered_at)) / 1000000 as lag_seconds
    from internal.message_facts
    where final_status = 'delivered' and delivered_at is not null
        and (from_date is null or sent_date >= (from_date)::date)
        and (to_date is null or sent_date <= (to_date)::date)
)
