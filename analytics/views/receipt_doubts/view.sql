-- Grain: one row per reply that contradicts a receipt. Inputs: receipt_doubts_between.
create view receipt_doubts as
from receipt_doubts_between(null, null)
