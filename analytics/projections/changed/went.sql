-- The messages as they were that are not so any more. Grain: one message. Inputs: came_files, went_files.
create or replace view really_went as
from went_files anti join came_files using (message_id, status_events)
