-- The messages with a doubled key. Grain: one message. Inputs: stored (every file), doubled.
create or replace table touched as
select distinct message_id, state_key from stored semi join doubled using (state_key)
