-- The state of every touched message as it was stored, with what was left out because it can be told
-- from the rest. Grain: one message. Inputs: were.
create or replace view remembered as
with
positions as (
    select
        * replace (
            placed_at(first_ingested_at, state_first) as state_first,
            placed_at(final_ingested_at, state_final) as state_final,
            placed_at(last_ingested_at, state_last) as state_last,
            state_open::hugeint as state_open
        )
    from were
)
select
    message_id,
    number,
    mcc,
    mnc,
    campaign,
    sent_at,
    last_status,
    final_status,
    delivered_at,
    status_events,
    state_tags,
    state_first,
    state_final,
    coalesce(positions.state_last, state_final, state_first) as state_last,
    coalesce(
        positions.state_open, case when state_first is distinct from state_final then state_first end
    ) as state_open,
    state_final_low,
    state_final_high,
    state_open_low,
    state_open_high,
    coalesce(
        positions.state_contents,
        expected_of(
            number, mcc, mnc, state_tags, sent_at,
            state_open_low, state_open_high, final_status, delivered_at
        )
    ) as state_contents
from positions
