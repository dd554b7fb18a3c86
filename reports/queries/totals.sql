-- One row: the figures of a period over all networks, by the day sent.
from delivery_between($from_date, $to_date)
