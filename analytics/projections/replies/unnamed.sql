-- The replies that name no known message. Grain: one reply. Inputs: folded_replies, referred.
create or replace table unnamed as
from folded_replies
anti join referred on folded_replies.replied_to = referred.message_id
