-- One row per day sent: how late the receipts of delivered messages came, seconds.
select date, receipts, receipt_lag_p50, receipt_lag_p95
from internal.receipt_lag($from_date, $to_date, true, false)
order by date
