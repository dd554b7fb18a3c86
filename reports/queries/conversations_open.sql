-- One row per network that has conversations which began on these days and may still go on: those in which
-- somebody spoke of late, which is looked at first since few did.
with opened as (
    select date, mcc, mnc, count(*) as conversations
    from internal.dated_conversations
    where ended_at >= make_timestamptz(internal.as_of_us() - internal.conversation_gap_seconds() * 1000000::bigint)
        and internal.open_until_us(started_at, ended_at, chain_started_at) >= internal.as_of_us()
        and date between $from_date and $to_date
    group by all
)
select mcc, mnc, sum(conversations)::bigint as conversations
from internal.named('opened')
group by all
order by all
