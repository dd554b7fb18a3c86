-- The sent days of the messages that replies answer, in files of replies that came or went.
-- Grain: one day. Inputs: changed_replies.
select distinct message_sent_at::date::varchar
from changed_replies
where message_sent_at is not null
