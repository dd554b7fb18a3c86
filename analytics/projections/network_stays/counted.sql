-- What is known of each number's networks at once. Most have one: only the moments of others must be
-- put in order. Grain: one number. Inputs: scope.
create or replace table counted as
select
    number,
    min(tick) >> 1 as since_us,
    min(mcc) as mcc,
    min(mnc) as mnc,
    count(*) = 1 as is_one
from (
    select number, mcc, mnc, min(tick) as tick
    from scope
    where mcc is not null and mnc is not null
    group by number, mcc, mnc
)
group by number
