-- Grain: a network, and a time to the first reply in the day's conversations that have one: in whole seconds,
-- from a minute on rounded down to minutes, from an hour on to hours. `past` has what was rounded off of each,
-- in seconds and in order, from which the median of any days and networks is exact: it is read for the one
-- time in which that lies. Several rows have one key where codes are spelt in several ways: these are told
-- after counting, when there is little left. Inputs: the day's conversations, spellings.
insert into internal.first_reply_times
with timed as (
    select
        mcc,
        mnc,
        first_reply_seconds as exact_seconds,
        case
            when first_reply_seconds < 60 then first_reply_seconds
            when first_reply_seconds < 3600 then first_reply_seconds // 60 * 60
            else first_reply_seconds // 3600 * 3600
        end as seconds
    from day_conversations
    where first_reply_seconds is not null
        and started_at >= make_timestamptz($begins_us) and started_at < make_timestamptz($ends_us)
),
counted as (
    select
        mcc, mnc, seconds,
        count(*) as conversations,
        list_sort(list((exact_seconds - seconds)::usmallint)) as past
    from timed
    group by all
)
select
    $date::date,
    coalesce(spelling.mcc, counted.mcc),
    coalesce(spelling.mnc, counted.mnc),
    seconds,
    conversations,
    past
from counted
left join spellings as spelling on spelling.raw_mcc = counted.mcc and spelling.raw_mnc = counted.mnc
