-- Grain: one row per date and network that a message reached anybody in. Inputs: internal.people, by way
-- of internal.recipients.
create view recipient_daily as
from internal.recipients(null, null, true, true)
