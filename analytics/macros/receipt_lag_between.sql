-- Grain: one row, how late the receipts of the messages sent on these dates (inclusive, report time
-- zone) and delivered reached us, also when there was none. Our clock less SMSO's.
create macro receipt_lag_between(from_date, to_date) as table
select coalesce(receipts, 0) as receipts, receipt_lag_p50, receipt_lag_p95
from (select 1) as always
left join internal.receipt_lag(from_date, to_date, false, false) on true
