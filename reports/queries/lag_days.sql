-- One row per day sent: how late the receipts of delivered messages came, seconds; of one network or
-- (null) of all.
select date, receipts, receipt_lag_p50, receipt_lag_p95
from internal.receipt_lag($from_date, $to_date, true, $mcc is not null)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
order by date
