-- The files that may hold a message that is wanted: eight bytes are read of each of their messages.
-- Grain: one file. Inputs: searched (files of messages), wanted.
select distinct filename from searched semi join wanted using (state_key)
