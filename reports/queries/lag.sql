-- One row: how late the receipts of the period's messages came, seconds.
from receipt_lag_between($from_date, $to_date)
