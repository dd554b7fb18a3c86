-- The hours of the first and of the last reply to attribute, since 1970, in UTC; null without any.
select epoch_us(min(received_at)) // 3600000000, epoch_us(max(received_at)) // 3600000000
from folded_replies
