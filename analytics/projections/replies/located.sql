-- The files that hold a message that is wanted. It reads eight bytes of each of their messages.
-- Grain: one file. Inputs: searched (files of messages), wanted.
select distinct filename from searched semi join wanted using (state_key)
