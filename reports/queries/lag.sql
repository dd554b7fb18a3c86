-- One row: how late the receipts of the period's messages came, seconds; of one network or (null) of all.
select coalesce(sum(receipts), 0)::bigint as receipts,
    max(receipt_lag_p50) as receipt_lag_p50, max(receipt_lag_p95) as receipt_lag_p95
from internal.receipt_lag($from_date, $to_date, false, $mcc is not null)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
