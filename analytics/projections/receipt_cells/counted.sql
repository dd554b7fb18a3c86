-- What the messages of some files add to the cells, or, with the parameter sign -1, take from them.
-- Grain: one cell. Inputs: counted_messages, the parameters time_zone and sign.
-- A message is in one of three kinds of cell: with the lag of its receipt behind its delivery, in
-- whole milliseconds (which may be negative: two clocks); without a delivery after its sending, with
-- the whole seconds from its sending to its receipt, the only instant known; without a final status,
-- with the instant since which it waits. A delivery before its sending has both of the first two.
-- The date is looked up by the second of sending: to ask the calendar for every message takes longer.
insert into changes by name
with
dates as (
    select sent_at, timezone($time_zone, sent_at)::date as date
    from (select distinct sent_at from counted_messages)
)
select
    sent_day,
    date,
    mcc,
    mnc,
    final_status as status,
    case when final_status = 'delivered'
        then floor((epoch_us(final_ingested_at) - epoch_us(delivered_at)) / 1000)::bigint
    end as lag_ms,
    case when final_status is not null and not coalesce(delivered_at >= sent_at, false)
        then greatest(0, (epoch_us(final_ingested_at) - epoch_us(sent_at)) // 1000000)
    end as final_seconds,
    case when final_status is null then sent_at end as open_since,
    $sign * count(*) as messages
from counted_messages
inner join dates using (sent_at)
group by all
