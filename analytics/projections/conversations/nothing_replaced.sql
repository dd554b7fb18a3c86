-- What `replaced` is when everything is made from zero: nothing. Grain: one conversation.
create or replace table replaced as
select
    null::varchar as conversation_id,
    null::varchar as number,
    null::timestamptz as started_at,
    null::timestamptz as ended_at,
    null::date as started_day,
    null::timestamptz as state_chain_started_at,
    null::boolean as is_first
where false
