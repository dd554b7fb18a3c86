-- The messages that a reply may follow: of several to one number at one instant, the last by id,
-- so that the as-of join meets no ties.
-- Grain: one number and instant. Inputs: near_messages (the partitions within the reply window),
-- folded_replies.
create or replace table latest as
select
    number,
    sent_at,
    max(message_id) as message_id,
    arg_max_null(delivered_at, message_id) as delivered_at
from near_messages
semi join folded_replies using (number)
group by number, sent_at
