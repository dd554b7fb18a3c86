-- The messages that replies name and that are not found yet. Grain: one message.
-- Inputs: folded_replies, referred.
create or replace table wanted as
select distinct replied_to as message_id, state_replied_key as state_key
from folded_replies
anti join referred on folded_replies.replied_to = referred.message_id
where replied_to is not null
