-- Grain: one message, with the whole seconds from its sending to its end, or to as_of without one.
-- Inputs: messages.
select
    network,
    case
        when final_status = 'delivered' then 'delivered' when final_status is null then 'open' else 'other'
    end as "end",
    coalesce(
        latency_seconds,
        greatest(0, floor(epoch(coalesce(final_ingested_at, about.as_of) - sent_at))::bigint)
    ) as seconds
from messages
cross join internal.catalogue as about
where sent_date between $from_date and $to_date
