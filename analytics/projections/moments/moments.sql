-- The moments of some files. Grain: one message or reply. Inputs: some_messages, some_replies.
create or replace view moments as
from moments_of('some_messages', 'some_replies')
