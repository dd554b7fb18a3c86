-- One row per network and second of time to reply, of the period ($from_date to $to_date) and of the
-- days before it: replies that came after their message's delivery.
select
    date between $from_date and $to_date as is_now,
    mcc, mnc, value as seconds, sum(how_many)::bigint as replies
from internal.reply_time_facts
where date between $from_date and $to_date or date between $before_from and $before_to
group by all
