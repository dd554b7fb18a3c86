-- Grain: the day that the message was sent which a reply of the day answers, and the network that it was
-- sent to, as spelt on the wire. Inputs: the day's replies.
insert into internal.answer_counts
select
    $date::date,
    (message_sent_at at time zone internal.report_time_zone())::date,
    message_mcc,
    message_mnc,
    count(*)
from day_replies
where message_id is not null
    and received_at >= make_timestamptz($begins_us) and received_at < make_timestamptz($ends_us)
group by all
