-- One row per network, hour of the day sent and second of time to reply (or none): delivered messages old
-- enough to be judged, those answered, and first replies that took so long. Counts that can be added up.
with cells as (
    select network_id, hour_sent, null::bigint as seconds, eligible, replied, 0 as answers
    from internal.named('internal.dated_sendings')
    where status = 'delivered' and date between $from_date and $to_date
    union all
    select
        network_id, hour_sent, time_to_reply_seconds, 0, messages,
        case when time_to_reply_seconds is null then 0 else messages end
    from internal.named('internal.dated_first_replies')
    where date between $from_date and $to_date
),
counted as (
    select
        network_id,
        hour_sent as hour_of_day,
        seconds,
        sum(eligible)::bigint as eligible,
        sum(replied)::bigint as replied,
        sum(answers)::bigint as answers
    from cells
    group by all
)
select mcc, mnc, network, country, hour_of_day, seconds, eligible, replied, answers
from counted
left join internal.network_names using (network_id)
