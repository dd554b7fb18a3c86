-- One row per time to the first reply, of conversations that had one, as first_replies.sql tells it, from what
-- was counted of each day. The median lies in one of these times or between two, of which what was rounded
-- off is looked at. Of one network or (null) of all.
with ours as (
    from internal.first_reply_times
    where date between $from_date and $to_date
        and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
),
counted as materialized (
    select seconds, sum(conversations)::bigint as conversations
    from ours
    group by seconds
),
ranked as (
    select
        seconds,
        sum(conversations) over (order by seconds) - conversations as first_rank,
        first_rank + conversations - 1 as last_rank,
        (sum(conversations) over () - 1) / 2 as middle_rank
    from counted
),
middle as materialized (
    from ranked
    where floor(middle_rank) <= last_rank and ceil(middle_rank) >= first_rank
),
exact as (
    select seconds, (select min(first_rank) from middle) + row_number() over (order by seconds) - 1 as rank
    from (select seconds + unnest(past) as seconds from ours semi join middle using (seconds))
)
select seconds, conversations, null::double as median
from counted
union all
select
    null,
    (select coalesce(sum(conversations), 0)::bigint from counted),
    (
        select avg(seconds) from exact
        where rank between (select floor(min(middle_rank)) from middle) and (select ceil(max(middle_rank)) from middle)
    )
order by all
