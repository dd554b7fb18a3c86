-- Grain: a network as spelt on the wire, and a whole second of time to reply. Inputs: the day's replies.
insert into internal.reply_times
select $date::date, mcc, mnc, time_to_reply_seconds, count(*)
from day_replies
where time_to_reply_seconds is not null
    and received_at >= make_timestamptz($begins_us) and received_at < make_timestamptz($ends_us)
group by all
