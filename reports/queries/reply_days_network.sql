-- One row per day: replies received from one network that day, and of the messages sent to it that
-- day how many are old enough to be judged and how many of those were answered.
select date, replies, explicit, inferred, unsolicited, opt_outs, reply_rate
from reply_daily
where date between $from_date and $to_date and mcc = $mcc and mnc = $mnc
order by date
