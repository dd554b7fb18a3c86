-- The partitions to make again: where new replies lie, and where a reply names a changed message.
-- (Those near a changed message in time are added by day.)
-- Grain: one day. Inputs: received, stored (every partition), changed_messages (the partitions of
-- messages that changed).
select distinct received_at::date::varchar from received
union
select distinct received_day::varchar
from stored
semi join changed_messages on stored.replied_to = changed_messages.message_id
