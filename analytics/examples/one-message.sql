-- What did the webhooks say of one message, in the order in which they came?
select ingested_at, status, delivered_at, source
from events
where message_id = (
    select message_id
    from messages
    order by status_events desc, message_id
    limit 1
)
order by ingested_at, node, seq
