-- The partitions to write: where stays were that are made again, and where they are now.
-- Grain: one day. Inputs: stored, moved, made.
select stored.since_day::varchar
from stored
inner join moved on stored.number = moved.number and stored.since >= moved.from_at
union
select since_day::varchar from made
