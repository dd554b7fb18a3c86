-- All that was said to a number and by it. `tick` is twice the microsecond of it, and one more for what
-- was said by the number: of a message and a reply at one instant the message is taken to be the earlier.
-- Grain: one message or reply. Inputs: some_messages, some_replies.
create or replace view moments as
select number, 2 * epoch_us(sent_at) as tick, message_id as id, mcc, mnc, campaign
from some_messages
union all
select number, 2 * epoch_us(received_at) + 1, reply_id, mcc, mnc, campaign
from some_replies
