-- One row per day: replies received that day, and of the messages sent that day how many are old
-- enough to be judged and how many of those were answered.
select
    date,
    sum(replies)::bigint as replies,
    sum(explicit)::bigint as explicit,
    sum(inferred)::bigint as inferred,
    sum(unsolicited)::bigint as unsolicited,
    sum(opt_outs)::bigint as opt_outs,
    sum(replied_messages) / nullif(sum(eligible_messages), 0) as reply_rate
from reply_daily
where date between $from_date and $to_date
group by date
order by date
