-- The events that were taken in before $ends_at, out of those invented and those left over.
-- Grain: one row an event. Inputs: invented, waiting (events that no day has had yet).
CREATE OR REPLACE TEMP TABLE due AS
FROM invented WHERE ingested_at < $ends_at::TIMESTAMPTZ
UNION ALL
FROM waiting WHERE ingested_at < $ends_at::TIMESTAMPTZ
