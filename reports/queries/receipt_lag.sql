-- One row: how long after delivery the receipts of the period's messages reached us, seconds.
select receipt_lag_p95 from receipt_lag_between($from_date, $to_date)
