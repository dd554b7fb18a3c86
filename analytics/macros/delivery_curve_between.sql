-- Grain: one row per network and whole second after sending at which a message sent on these dates
-- (inclusive, report time zone) reached an end: the share delivered by then, with what still waits taken
-- into account (Aalen-Johansen), so that a bad hour is seen before its receipts are complete.
create macro delivery_curve_between(from_date, to_date) as table
from internal.delivery_curve(from_date, to_date, true)
