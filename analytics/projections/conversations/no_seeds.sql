-- What `seeds` is when everything is made from zero: nothing. Grain: one conversation.
create or replace table seeds as
select
    null::varchar as number,
    null::bigint as tick,
    null::bigint as chain_us,
    null::timestamptz as started_at,
    null::varchar as started_by,
    null::varchar as mcc,
    null::varchar as mnc,
    null::varchar as campaign,
    null::bigint as messages,
    null::bigint as replies,
    null::bigint as turns,
    null::bigint as asked_us,
    null::bigint as first_reply_seconds
where false
