-- The messages that replies name. Grain: one message. Inputs: folded_replies.
create or replace table wanted as
select distinct replied_to as message_id, state_replied_key as state_key
from folded_replies
where replied_to is not null
