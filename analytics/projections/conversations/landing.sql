-- Where conversations belong. Grain: one hour of a day. Inputs: made.
select started_day::varchar, utc_hour(started_at), count(*) from made group by all
