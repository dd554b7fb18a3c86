-- How late do receipts reach us?
select receipts, receipt_lag_p50, receipt_lag_p95
from receipt_lag_between(current_date - 7, current_date)
