-- What `moved` is when everything is made from zero: nothing. Grain: one number.
create or replace table moved as
select
    null::varchar as number, null::timestamptz as from_at, null::boolean as is_new,
    null::varchar as mcc, null::varchar as mnc, null::timestamptz as since
where false
