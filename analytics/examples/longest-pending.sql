-- Which messages have been pending longest?
select message_id, network, campaign, sent_at
from messages
where state = 'pending'
order by sent_at
limit 20
