-- How many messages of this pass belong where. Grain: one hour of a day. Inputs: fragments.
select utc_day(sent_at)::varchar, utc_hour(sent_at), count(*)
from fragments
group by all
