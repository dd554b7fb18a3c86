-- Where new events say that messages belong. Grain: one hour of a day. Inputs: reported.
select utc_day(sent_at)::varchar, utc_hour(sent_at), count(distinct message_id)
from reported
group by all
