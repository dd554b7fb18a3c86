-- The stored conversations of odd numbers that a touched moment is in, or no further from than the gap:
-- only their chains can change. Grain: one conversation. Inputs: near, touched, odd, the parameter gap_us.
create or replace table adjacent as
select distinct near.number, near.started_at, near.chain_at
from near
inner join touched
    on touched.number = near.number
    and (touched.tick >> 1) >= (near.first_tick >> 1) - $gap_us
    and (touched.tick >> 1) <= (near.last_tick >> 1) + $gap_us
where touched.number in (from odd)
