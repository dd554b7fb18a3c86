-- Grain: one row per network, over the whole log. Inputs: receipt_honesty_between.
create view receipt_honesty as
from receipt_honesty_between(null, null)
