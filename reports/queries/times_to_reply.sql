-- One row per time to reply: replies that came after their message's delivery, of
-- one network or (null) of all.
select time_to_reply_seconds, count(*) as replies
from replies
where received_date between $from_date and $to_date and time_to_reply_seconds is not null
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by time_to_reply_seconds
order by time_to_reply_seconds
