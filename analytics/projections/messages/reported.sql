-- What each new status event says of its message, as the state of a message of which nothing else
-- is known. Grain: one status event. Inputs: new_events.
create or replace view reported as
select
    message_id,
    number,
    mcc,
    mnc,
    campaign_of(tags) as campaign,
    sent_at,
    status as last_status,
    status in ('delivered', 'undelivered', 'expired', 'error') as is_final,
    case when is_final then status end as final_status,
    case when status = 'delivered' then delivered_at end as delivered_at,
    ingested_at as first_ingested_at,
    case when is_final then ingested_at end as final_ingested_at,
    ingested_at as last_ingested_at,
    1::bigint as status_events,
    position_of(ingested_at, node, seq) as state_first,
    state_first as state_last,
    case when is_final then state_first end as state_final,
    case when not is_final then state_first end as state_open,
    final_status as state_final_low,
    final_status as state_final_high,
    ('0x' || left(digest, 15))::bigint as digest,
    null::bigint[] as state_digests
from new_events
where type = 'status'
