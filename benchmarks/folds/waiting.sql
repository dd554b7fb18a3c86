-- The events that are taken in later than the day in which their messages were sent.
-- Grain: one row an event. Inputs: invented.
CREATE OR REPLACE TEMP TABLE waiting AS
FROM invented WHERE ingested_at >= $ends_at::TIMESTAMPTZ
