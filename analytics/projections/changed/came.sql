-- The messages as they are that were not so. Grain: one message. Inputs: came_files, went_files.
create or replace view really_came as
from came_files anti join went_files using (message_id, status_events)
