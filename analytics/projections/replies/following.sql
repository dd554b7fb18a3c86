-- The files with replies that may follow a changed message: from its number, within the reply window.
-- Grain: one file. Inputs: stored (files of replies near the changed messages in time),
-- changed_messages, the parameter window_us.
select distinct filename
from stored
semi join changed_messages
    on stored.number = changed_messages.number
    and stored.received_at >= changed_messages.sent_at
    and stored.received_at <= changed_messages.sent_at + to_microseconds($window_us)
