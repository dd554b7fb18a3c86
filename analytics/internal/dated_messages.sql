-- Grain: one message, with its date and, once more, the codes as spelt on the wire.
-- Inputs: the messages projection, internal.days.
create view internal.dated_messages as
select messages.*, days.date, messages.mcc as raw_mcc, messages.mnc as raw_mnc
from internal.messages as messages
inner join internal.days as days
    on days.utc_date = messages.sent_day
    and messages.sent_at >= days.begins_at and messages.sent_at < days.ends_at
