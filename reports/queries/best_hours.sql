-- One row per hour of the day at which messages were sent: how many of the delivered ones that are old
-- enough were answered, and how soon.
from reply_by_hour_total_between($from_date, $to_date)
order by hour_of_day
