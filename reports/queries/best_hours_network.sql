-- One row per network and hour of the day at which messages were sent: how many of the delivered ones that
-- are old enough were answered, and how soon; of one network or (null) of all.
from reply_by_hour_between($from_date, $to_date)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
order by mcc, mnc, network, hour_of_day
