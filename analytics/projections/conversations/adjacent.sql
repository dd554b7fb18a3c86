-- The stored conversations that a touched moment is in, or no further from than the gap: only their
-- chains can change. Grain: one conversation. Inputs: stored (those that may be near by day), touched,
-- the parameter gap_us.
create or replace table adjacent as
select distinct stored.number, stored.started_at, stored.state_chain_started_at
from stored
inner join touched
    on stored.number = touched.number
    and epoch_us(touched.said_at) >= epoch_us(stored.started_at) - $gap_us
    and epoch_us(touched.said_at) <= epoch_us(stored.ended_at) + $gap_us
