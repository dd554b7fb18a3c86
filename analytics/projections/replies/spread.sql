-- How many replies belong where. Grain: one hour of a day. Inputs: folded_replies.
select utc_day(received_at)::varchar, utc_hour(received_at), count(*)
from folded_replies
group by all
