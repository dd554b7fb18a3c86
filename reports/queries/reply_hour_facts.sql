-- One row per network, hour of the day sent and second of time to reply (or none): delivered messages old
-- enough to be judged, those answered, and first replies that took so long. Counts that can be added up.
select
    mcc, mnc, network, country,
    hour(timezone($time_zone, sent_hour)) as hour_of_day,
    seconds,
    sum(eligible)::bigint as eligible,
    sum(replied)::bigint as replied,
    sum(answers)::bigint as answers
from (
    select date, mcc, mnc, network, country, sent_hour, null::bigint as seconds, eligible, replied, 0 as answers
    from internal.delivery_facts
    where status = 'delivered'
    union all
    select date, mcc, mnc, network, country, sent_hour, time_to_reply_seconds, 0, 0, messages
    from internal.answer_time_facts
)
where date between $from_date and $to_date
group by all
