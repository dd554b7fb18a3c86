-- All that was said to a number (side 0) and by it (side 1). Of two at one instant the message is
-- taken to be the earlier. Grain: one message or reply. Inputs: some_messages, some_replies.
create or replace view moments as
select number, sent_at as said_at, 0::tinyint as side, message_id as id, mcc, mnc, campaign
from some_messages
union all
select number, received_at, 1::tinyint, reply_id, mcc, mnc, campaign
from some_replies
