-- The partitions to write: where conversations were, and where they are now.
-- Grain: one day. Inputs: replaced, made.
select started_day::varchar from replaced
union
select started_day::varchar from made
