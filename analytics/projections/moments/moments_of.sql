-- All that was said to a number and by it. `tick` is twice the microsecond of it, and one more for what
-- was said by the number: of a message and a reply at one instant the message is taken to be the earlier.
-- Grain: one message or reply. Inputs: views of messages and of replies, by their names.
create or replace macro moments_of(messages, replies) as table
select number, 2 * epoch_us(sent_at) as tick, message_id as id, mcc, mnc, campaign
from query_table(messages)
union all
select number, 2 * epoch_us(received_at) + 1, reply_id, mcc, mnc, campaign
from query_table(replies)
