-- Under which keys replies are found, and where: those of the messages that they name.
-- Grain: one key and hour. Inputs: folded_replies.
create or replace view entries as
select distinct state_replied_key as key, hour_number(received_at) as hour
from folded_replies
where replied_to is not null
