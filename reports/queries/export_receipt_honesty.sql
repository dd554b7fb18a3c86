-- Grain: one row per network that was sent to from $from_date to $to_date, both included; null is
-- no bound, and without either the rows are those of the view receipt_honesty.
-- Inputs: receipt_honesty_between.
-- Why: shares of a period cannot be had by filtering those of the whole log.
select columns(lambda name: not list_contains($hidden, name))
from receipt_honesty_between($from_date, $to_date)
order by all
