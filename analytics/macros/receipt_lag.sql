-- Grain: one row for each chosen key, how late the receipts of messages delivered came; the keys that
-- are not chosen are NULL. Our clock less SMSO's, so it is never mixed with latency. Counted in whole
-- milliseconds.
create macro internal.receipt_lag(from_date, to_date, by_date, by_network) as table
select
    date, mcc, mnc, network, country,
    how_many as receipts,
    p50 / 1000 as receipt_lag_p50,
    p95 / 1000 as receipt_lag_p95
from internal.spread('internal.receipt_lags', from_date, to_date, by_date, by_network)
