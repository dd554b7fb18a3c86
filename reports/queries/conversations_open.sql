-- One row per network that has conversations which began on these days and may still go on: those in which
-- somebody spoke of late, which is looked at first since few did.
select mcc, mnc, count(*) as conversations
from conversations
where is_open
    and ended_at >= (select as_of from internal.catalogue) - to_seconds(internal.conversation_gap_seconds())
    and started_date between $from_date and $to_date
group by mcc, mnc
order by mcc, mnc
