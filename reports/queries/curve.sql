-- One row per network and whole second after sending at which a message reached an end: the share
-- delivered by then, with what still waits taken into account (Aalen and Johansen's estimator); of one network or (null) of all.
select mcc, mnc, network, country, seconds, delivered_share
from delivery_curve_between($from_date, $to_date)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
order by mcc, mnc, network, country, seconds
