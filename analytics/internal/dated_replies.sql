-- Grain: one distinct reply, with its date and, once more, the codes as spelt on the wire.
-- Inputs: the replies projection, internal.days.
create view internal.dated_replies as
select replies.*, days.date, replies.mcc as raw_mcc, replies.mnc as raw_mnc
from internal.replies as replies
inner join internal.days as days
    on days.utc_date = replies.received_day
    and replies.received_at >= days.begins_at and replies.received_at < days.ends_at
