-- Grain: a row of internal.dated_first_replies whose time is known.
create view internal.dated_answer_times as
from internal.dated_first_replies
where time_to_reply_seconds is not null
