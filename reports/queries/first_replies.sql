-- One row per time to the first reply, of conversations that had one: in whole seconds, from a minute on
-- rounded down to minutes, from an hour on to hours. The row without seconds has the exact median. Of one
-- network or (null) of all.
with timed as materialized (
    select first_reply_seconds as seconds
    from conversations
    where started_date between $from_date and $to_date and first_reply_seconds is not null
        and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
)
select
    case
        when seconds < 60 then seconds
        when seconds < 3600 then seconds // 60 * 60
        else seconds // 3600 * 3600
    end as seconds,
    count(*) as conversations,
    null::double as median
from timed
group by all
union all
select null, count(*), quantile_cont(seconds, 0.5)
from timed
order by all
