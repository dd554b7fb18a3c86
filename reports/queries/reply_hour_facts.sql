-- One row per network, hour of the day sent and second of time to reply (or none): delivered messages old
-- enough to be judged, those answered, and first replies that took so long. Counts that can be added up.
with counted as (
    select
        date, mcc, mnc, hour_sent as hour_of_day, null::bigint as seconds,
        sum(eligible) as eligible, sum(replied) as replied, 0 as answers
    from internal.dated_cells
    where status = 'delivered' and date between $from_date and $to_date
    group by date, mcc, mnc, hour_sent
    union all
    select date, mcc, mnc, hour_sent, time_to_reply_seconds, 0, 0, sum(messages)
    from internal.dated_answer_times
    where date between $from_date and $to_date
    group by date, mcc, mnc, hour_sent, time_to_reply_seconds
)
select
    mcc, mnc, network, country, hour_of_day, seconds,
    sum(eligible)::bigint as eligible,
    sum(replied)::bigint as replied,
    sum(answers)::bigint as answers
from internal.named('counted')
group by all
