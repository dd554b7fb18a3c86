-- The partitions of messages and replies that hold the moments to take up.
-- Grain: one day. Inputs: spans.
select distinct unnest(generate_series(from_at::date, to_at::date, interval 1 day))::date::varchar
from spans
