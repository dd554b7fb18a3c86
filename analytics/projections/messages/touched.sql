-- The messages that the new events speak of. Grain: one message. Inputs: reported.
create or replace table touched as
select distinct message_id from reported
