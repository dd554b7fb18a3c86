-- One row: how many webhooks could not be decoded, how many of them were decoded since (an event
-- has their identity), and when the last of them came.
select
    count(*)::bigint as dead_letters,
    count(*) filter (where event_id in (select event_id from events where source = 'redrive'))::bigint
        as decoded_since,
    max(ingested_at) as last_at
from dead_letters
