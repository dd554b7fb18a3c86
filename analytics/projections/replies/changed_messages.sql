-- What is different about messages: as they are, and as they were. A message is as it was if as many
-- events spoke of it. Grain: one state of a message. Inputs: came and went (rows of the files of
-- messages that came and went since the replies were attributed).
create or replace table changed_messages as
select message_id, state_key, number, sent_at from came
anti join went using (message_id, status_events)
union all
select message_id, state_key, number, sent_at from went
anti join came using (message_id, status_events)
