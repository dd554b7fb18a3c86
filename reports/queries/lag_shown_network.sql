-- One row per day sent: how late the receipts of one network's delivered messages came, seconds.
select date, receipts, receipt_lag_p50, receipt_lag_p95
from receipt_lag_daily
where date between $from_date and $to_date and mcc = $mcc and mnc = $mnc
order by date
