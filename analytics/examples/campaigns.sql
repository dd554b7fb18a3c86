-- How do campaigns compare, those with at least 100 messages?
select campaign, messages, delivery_rate, latency_p50, replied, eligible_messages, reply_rate
from campaign_performance
where messages >= 100
order by messages desc
