-- What is different about messages: as they are, and as they were. Grain: one state of a message.
-- Inputs: came, went.
create or replace table changed_messages as
select message_id, state_key, number, sent_at from came
union all
select message_id, state_key, number, sent_at from went
