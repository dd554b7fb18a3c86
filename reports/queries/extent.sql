-- One row: the first and the last day on which a message was sent, null for an empty log.
select min(date) as first_date, max(date) as last_date
from delivery_total_daily
