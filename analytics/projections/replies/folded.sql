-- The replies to attribute, each once, however many copies came.
-- Grain: one reply. Inputs: received, affected (stored replies).
create or replace table folded_replies as
with copies as (
    select * from received
    union all by name
    select
        number,
        received_at,
        body,
        replied_to,
        mcc,
        mnc,
        campaign,
        copies,
        first_ingested_at,
        state_first::hugeint as state_first
    from affected
)
select
    number,
    received_at,
    body,
    replied_to,
    key_of(replied_to) as state_replied_key,
    arg_min(mcc, state_first) as mcc,
    arg_min(mnc, state_first) as mnc,
    min(campaign) as campaign,
    sum(copies)::bigint as copies,
    min(first_ingested_at) as first_ingested_at,
    min(state_first)::decimal(38, 0) as state_first
from copies
group by number, received_at, body, replied_to
