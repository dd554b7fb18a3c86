-- The partitions to write: where stays were that are made again, and where they are now.
-- Grain: one day. Inputs: near, moved, made.
select near.since_day::varchar
from near
inner join moved on near.number = moved.number and near.since >= moved.from_at
union
select since_day::varchar from made
