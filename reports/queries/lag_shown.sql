-- One row per day sent: how late the receipts of delivered messages came, seconds.
select date, count as receipts, seconds as receipt_lag_p95
from data_quality
where "check" = 'receipt_lag_p95' and date between $from_date and $to_date
order by date
