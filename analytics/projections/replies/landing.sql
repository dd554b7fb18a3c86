-- Where new replies belong. Grain: one hour of a day. Inputs: received.
select utc_day(received_at)::varchar, utc_hour(received_at), count(*)
from received
group by all
