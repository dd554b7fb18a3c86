-- The replies to messages of those days. Grain: one reply. Inputs: later_replies (those received since
-- the first of the days), counted_days.
create or replace view answers as
from later_replies
where utc_day(message_sent_at) in (select sent_day from counted_days)
