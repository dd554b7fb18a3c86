-- The known messages that replies name. Grain: one message.
-- Inputs: searched (files of messages), wanted.
insert into referred by name
select
    message_id,
    struct_pack(message_id, sent_at, delivered_at, final_status, mcc, mnc, campaign) as message
from searched
semi join wanted using (message_id)
