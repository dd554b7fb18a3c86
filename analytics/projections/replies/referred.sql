-- The known messages that replies name. The one search through all partitions of messages.
-- Grain: one message. Inputs: messages (every partition), folded_replies.
create or replace table referred as
select
    message_id,
    struct_pack(message_id, sent_at, delivered_at, final_status, mcc, mnc, campaign) as message
from messages
semi join folded_replies on messages.message_id = folded_replies.replied_to
