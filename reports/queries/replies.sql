-- One row: replies received in the period, and the reply rate of messages sent in it.
from reply_between($from_date, $to_date)
