-- Grain: one row per reply that contradicts a receipt, reply by reply. Inputs: replies and messages.
select
    case
        when message.state in ('undelivered', 'expired', 'error', 'unknown') then message.state
        when message.state = 'delivered' and reply.received_at < message.delivered_at
            then 'before_delivery'
    end as doubt,
    message.sent_date as date,
    message.mcc,
    message.mnc,
    message.network,
    message.campaign,
    message.message_id,
    reply.number,
    message.state,
    reply.reply_id,
    reply.attribution
from replies as reply
inner join messages as message using (message_id)
where doubt is not null
    and message.sent_date between $from_date and $to_date
