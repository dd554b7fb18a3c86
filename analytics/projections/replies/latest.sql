-- The messages that a reply may follow: of several to one number at one instant, the last by id,
-- so that the as-of join meets no ties.
-- Grain: one number and instant. Inputs: searched (files of messages within the reply window),
-- unnamed.
create or replace table latest as
select
    number,
    sent_at,
    arg_max(
        struct_pack(message_id, sent_at, delivered_at, final_status, mcc, mnc, campaign), message_id
    ) as message
from searched
semi join unnamed using (number)
group by number, sent_at
