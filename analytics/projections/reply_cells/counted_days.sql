-- The sent days to count again. Grain: one day. Inputs: the parameter days.
create or replace table counted_days as select unnest($days::date[]) as sent_day
