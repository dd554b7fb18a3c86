-- The messages whose row cannot be told from a fragment: a status came twice, finals disagree, more
-- than two were open, or the last is one of two. They are folded event by event.
-- Grain: one message. Inputs: fragments.
create or replace table touched as
select message_id, key_of(message_id) as state_key
from (
    select distinct message_id
    from fragments
    where
        is_odd
        or final_low <> final_high
        or status_events <> (final_low is not null)::int
        + (open_low is not null)::int
        + coalesce(open_low <> open_high, false)::int
        or (last is distinct from final and open_low <> open_high)
)
