-- One row per whole second after sending at which a message reached an end, all networks together: the
-- share delivered by then, with what still waits taken into account.
select seconds, delivered_share
from delivery_curve_total_between($from_date, $to_date)
order by seconds
