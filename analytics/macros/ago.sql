-- The instant so many seconds before as_of. An instant that is a constant to the planner, whatever
-- the session's time zone, so that Parquet statistics can skip files.
create macro internal.ago(seconds) as make_timestamptz(internal.as_of_us() - (seconds) * 1000000::bigint)
