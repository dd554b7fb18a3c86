-- Grain: one row per date and network with a delivered receipt. Inputs: the receipt cells, by way of
-- internal.receipt_lag.
create view receipt_lag_daily as
from internal.receipt_lag(null, null, true, true)
