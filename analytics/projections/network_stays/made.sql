-- The stays that the moments amount to, after the one that the number was in before (moved). Of several
-- networks at one instant the last by side and id stands. Grain: one stay. Inputs: scope, counted, moved.
create or replace table made as
with instants as (
    select
        number,
        tick >> 1 as since_us,
        arg_max(struct_pack(mcc, mnc), struct_pack(tick, id)) as code
    from scope
    where mcc is not null and mnc is not null
        and number in (select number from counted where not is_one)
    group by all
),
steps as (
    select number, since_us, mcc, mnc from counted where is_one
    union all
    select number, since_us, code.mcc, code.mnc from instants
    union all
    select number, epoch_us(since), mcc, mnc from moved where since is not null
),
followed as (
    select
        *,
        lag(mcc) over in_time as from_mcc,
        lag(mnc) over in_time as from_mnc
    from steps
    window in_time as (partition by number order by since_us)
),
stays as (
    select *, lag(since_us) over (partition by number order by since_us) as from_us
    from followed
    where from_mcc is null or mcc <> from_mcc or mnc <> from_mnc
)
select
    stays.number,
    stays.mcc,
    stays.mnc,
    make_timestamptz(since_us) as since,
    from_mcc,
    from_mnc,
    make_timestamptz(from_us) as from_since,
    utc_day(make_timestamptz(since_us)) as since_day
from stays
left join moved on stays.number = moved.number
where moved.number is null or since_us >= epoch_us(moved.from_at)
