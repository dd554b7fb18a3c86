-- The touched messages as they were stored. Grain: one message. Inputs: before (stored messages), touched.
create or replace table were as
from before semi join touched using (message_id)
