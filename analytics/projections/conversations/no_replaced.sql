-- What `replaced` is when everything is made from zero: nothing. Grain: one conversation.
create or replace table replaced as
select null::varchar as number, null::timestamptz as started_at where false
