-- The moments to take up: of those who moved, since they did; of new numbers, all.
-- Grain: one moment. Inputs: moments (since the first of them moved), touched, moved.
create or replace table scope as
select moments.number, moments.tick, moments.id, moments.mcc, moments.mnc
from moments
inner join moved
    on moments.number = moved.number and moments.tick >> 1 >= epoch_us(moved.from_at)
where not moved.is_new
union all
select touched.number, touched.tick, touched.id, touched.mcc, touched.mnc
from touched
inner join moved on touched.number = moved.number
where moved.is_new and touched.change > 0
