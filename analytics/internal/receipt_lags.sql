-- Grain: a receipt cell of a delivery whose lag is known, as internal.spread reads it.
-- Inputs: internal.receipt_facts.
create view internal.receipt_lags as
select date, mcc, mnc, network, country, network_id, lag_ms as value, messages as how_many
from internal.receipt_facts
where lag_ms is not null
