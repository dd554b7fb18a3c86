-- Under which keys messages are found, and where. Grain: one key and hour, for each message. Inputs: entered
-- (messages).
create or replace view entries as
select state_key as key, hour_number(sent_at) as hour from entered
