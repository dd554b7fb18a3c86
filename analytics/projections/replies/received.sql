-- What each new reply event says: a reply of which this is the only copy.
-- Grain: one reply event. Inputs: new_events.
create or replace view received as
select
    number,
    received_at,
    body,
    replied_to,
    mcc,
    mnc,
    campaign_of(tags) as campaign,
    1::bigint as copies,
    ingested_at as first_ingested_at,
    position_of(ingested_at, node, seq) as state_first
from new_events
where type = 'reply'
