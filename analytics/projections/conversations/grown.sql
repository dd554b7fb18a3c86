-- The stored conversations to which new moments are added without reading the old ones. Those no later
-- than its last moment are only counted (inside_…): by `odd`, they change nothing else.
-- Grain: one conversation. Inputs: touched, near, odd, the parameter gap_us.
create or replace table grown as
select
    near.*,
    count(*) filter (touched.tick <= near.last_tick and touched.tick & 1 = 0) as inside_messages,
    count(*) filter (touched.tick <= near.last_tick and touched.tick & 1 = 1) as inside_replies
from touched
inner join near
    on touched.number = near.number
    and touched.tick >= near.first_tick
    and (touched.tick >> 1) - (near.last_tick >> 1) <= $gap_us
where touched.number not in (from odd)
group by all
