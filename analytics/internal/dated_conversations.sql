-- Grain: one conversation, with its date and, once more, the codes as spelt on the wire.
-- Inputs: the conversations projection, internal.days.
create view internal.dated_conversations as
select conversations.*, days.date, conversations.mcc as raw_mcc, conversations.mnc as raw_mnc
from internal.conversations as conversations
inner join internal.days as days
    on days.utc_date = conversations.started_day
    and conversations.started_at >= days.begins_at and conversations.started_at < days.ends_at
