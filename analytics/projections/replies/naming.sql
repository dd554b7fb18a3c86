-- The files with replies that may name a changed message. A search through all replies, of eight bytes
-- each. Grain: one file. Inputs: stored (every file of replies), changed_messages.
select distinct filename
from stored
semi join changed_messages on stored.state_replied_key = changed_messages.state_key
