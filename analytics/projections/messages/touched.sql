-- The messages that the new events speak of. Grain: one message. Inputs: new_events.
create or replace table touched as
select message_id, key_of(message_id) as state_key
from (select distinct message_id from new_events where type = 'status')
