-- Which codes do the webhooks have, and what do they mean?
select mcc, mnc, network_name(mcc, mnc) as network, count(*) as webhooks
from events
group by mcc, mnc
order by webhooks desc
