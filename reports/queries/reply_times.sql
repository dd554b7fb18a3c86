-- One row per day, network and second of time to reply: replies that came after their message's
-- delivery.
select received_date as date, mcc, mnc, time_to_reply_seconds as seconds, count(*) as replies
from internal.reply_facts
where received_date between $from_date and $to_date and time_to_reply_seconds is not null
group by all
