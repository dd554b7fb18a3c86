-- How late the receipts of the period's messages came, seconds: one row of all, or one a network (all
-- networks take no longer than one).
select mcc, mnc, receipts, receipt_lag_p50, receipt_lag_p95
from internal.receipt_lag($from_date, $to_date, false, $by_network)
order by mcc, mnc
