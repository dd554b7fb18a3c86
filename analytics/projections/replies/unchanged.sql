-- The replies in the files to write again that stay as they are.
-- Grain: one reply. Inputs: before, affected.
create or replace view unchanged as
from before anti join affected using (reply_id)
