-- One row per network and second of time to reply, of the period ($from_date to $to_date) and of the
-- days before it: replies that came after their message's delivery.
select
    received_date between $from_date and $to_date as is_now,
    mcc, mnc, time_to_reply_seconds as seconds, count(*) as replies
from internal.reply_facts
where received_date between least($from_date, $before_from) and greatest($to_date, $before_to)
    and (received_date between $from_date and $to_date
        or received_date between $before_from and $before_to)
    and time_to_reply_seconds is not null
group by all
