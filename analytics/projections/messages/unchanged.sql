-- The messages in the partitions to write that no new event speaks of.
-- Grain: one message. Inputs: before (the partitions as they are), touched.
create or replace view unchanged as
from before anti join touched using (message_id)
