-- The stored conversations of the numbers of which something was touched, that may be near it in time:
-- those that ended long before are nothing to it, and are most. Grain: one conversation. Inputs: stored
-- (files near the touched moments), touched, the parameter ended_us (the gap before the first of these).
create or replace table near as
select
    number, mcc, mnc, campaign, started_at, ended_at, started_by, messages, replies, turns,
    first_reply_seconds, coalesce(chain_started_at, started_at) as chain_at, state_asked_at,
    2 * epoch_us(started_at) + (started_by = 'reply')::int as first_tick,
    2 * epoch_us(ended_at) + (state_ended_by = 'reply')::int as last_tick
from stored
where ended_at >= make_timestamptz($ended_us)
