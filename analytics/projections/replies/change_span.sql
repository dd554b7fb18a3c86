-- The hours in which the changed messages were sent: the first and the last, since 1970, in UTC.
select epoch_us(min(sent_at)) // 3600000000, epoch_us(max(sent_at)) // 3600000000
from changed_messages
