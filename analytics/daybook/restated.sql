-- Grain: a day on which receipts came for messages of the day: how many of these were first heard of on it,
-- and how many were told to be delivered, or to have ended at all. Days are those of the report time zone,
-- looked up by quarters of an hour, at which all clock changes are. Inputs: the day's messages.
insert into internal.restated
with counted as (
    select
        epoch_us(first_ingested_at) // 900000000 as first_quarter,
        epoch_us(final_ingested_at) // 900000000 as final_quarter,
        final_status = 'delivered' as is_delivered,
        count(*) as messages
    from day_messages
    where sent_at >= make_timestamptz($begins_us) and sent_at < make_timestamptz($ends_us)
    group by all
),
told as (
    select first_quarter as quarter, messages, 0 as delivered, 0 as finals
    from counted
    union all
    select final_quarter, 0, case when is_delivered then messages else 0 end, messages
    from counted
    where final_quarter is not null
)
select
    $date::date,
    (make_timestamptz(quarter * 900000000) at time zone internal.report_time_zone())::date as read_on,
    sum(messages)::bigint,
    sum(delivered)::bigint,
    sum(finals)::bigint
from told
group by read_on
