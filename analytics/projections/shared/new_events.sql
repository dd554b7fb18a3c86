-- The events of the log that a projection has not folded.
-- Grain: one event. Inputs: log_files (the files that may hold new ones), checkpoints (node, seq).
create or replace view new_events as
from log_files
anti join checkpoints on checkpoints.node = log_files.node and checkpoints.seq >= log_files.seq
