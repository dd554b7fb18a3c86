-- The partitions to fold again: where the touched messages lie now, and where they may come to lie
-- (which of several sent_at stands, the fold decides). The one search through all partitions.
-- Grain: one day. Inputs: stored (every partition), touched, reported.
select distinct sent_day::varchar from stored semi join touched using (message_id)
union
select distinct sent_at::date::varchar from reported
