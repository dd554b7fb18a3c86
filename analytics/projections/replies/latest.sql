-- The messages that a reply may follow: of several to one number at one instant, the last by id,
-- so that the as-of join meets no ties.
-- Grain: one number and instant. Inputs: near_messages (the partitions within the reply window),
-- folded_replies.
create or replace table latest as
select
    number,
    sent_at,
    arg_max(
        struct_pack(message_id, sent_at, delivered_at, final_status, mcc, mnc, campaign), message_id
    ) as message
from near_messages
semi join folded_replies using (number)
group by number, sent_at
