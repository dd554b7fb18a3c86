-- The numbers whose moments must be read again: something is gone, or came into the midst of what was
-- known. Not so if all that is new comes after the conversation before it, and further from the one
-- after it than the gap; or between messages to which nobody replied.
-- Grain: one number. Inputs: touched, near, the parameter gap_us.
create or replace table odd as
select distinct touched.number
from touched
asof left join near as before on touched.number = before.number and touched.tick >= before.first_tick
asof left join near as after on touched.number = after.number and touched.tick < after.first_tick
where
    touched.change < 0
    or (after.first_tick >> 1) - (touched.tick >> 1) <= $gap_us
    or touched.tick >> 1 = before.first_tick >> 1
    or (touched.tick < before.last_tick and (before.replies > 0 or touched.tick & 1 = 1))
