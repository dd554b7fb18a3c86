-- What the messages of some files add to the cells, or, with the parameter sign -1, take from them.
-- Grain: one cell. Inputs: counted_messages, the parameters time_zone and sign. The hour is looked up
-- by the second of sending: to ask the calendar for every message takes four times as long.
insert into changes by name
with
hours as (
    select sent_at, hour_of(sent_at, $time_zone) as sent_hour
    from (select distinct sent_at from counted_messages)
)
select
    sent_day,
    sent_hour,
    mcc,
    mnc,
    campaign,
    final_status as status,
    case
        when final_status = 'delivered' and delivered_at >= sent_at
            then (epoch_us(delivered_at) - epoch_us(sent_at)) // 1000000
    end as latency_seconds,
    $sign * count(*) as messages,
    $sign * count(*) filter (where final_status = 'delivered' and delivered_at < sent_at)
        as clock_anomalies,
    $sign * count(*) filter (where conflicting_final) as conflicting_finals,
    $sign * count(*) filter (where out_of_order) as out_of_order,
    $sign * sum(duplicates)::bigint as duplicates,
    $sign * sum(status_events)::bigint as status_events
from counted_messages
inner join hours using (sent_at)
group by sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds
