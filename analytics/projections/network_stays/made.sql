-- The stays that the moments amount to, after the one that the number was in before (moved). Of several
-- networks at one instant the last by side and id stands. Most numbers have one network: only the others
-- are put in order. Grain: one stay. Inputs: scope, moved.
create or replace table made as
with known as (
    select number, said_at, side, id, mcc, mnc from scope where mcc is not null and mnc is not null
),
counted as (
    select
        number,
        min(said_at) as since,
        min(mcc) as mcc,
        min(mnc) as mnc,
        min(mcc) = max(mcc) and min(mnc) = max(mnc) as is_one
    from known
    group by number
),
instants as (
    select
        number,
        said_at as since,
        arg_max(struct_pack(mcc, mnc), struct_pack(side, id)) as code
    from known
    semi join (from counted where not is_one) as several using (number)
    group by number, said_at
),
steps as (
    select number, since, mcc, mnc from counted where is_one
    union all
    select number, since, code.mcc, code.mnc from instants
    union all
    select number, since, mcc, mnc from moved where since is not null
),
followed as (
    select
        *,
        lag(mcc) over in_time as from_mcc,
        lag(mnc) over in_time as from_mnc
    from steps
    window in_time as (partition by number order by since)
),
stays as (
    select *, lag(since) over (partition by number order by since) as from_since
    from followed
    where from_mcc is null or mcc <> from_mcc or mnc <> from_mnc
)
select
    stays.number, stays.mcc, stays.mnc, stays.since, from_mcc, from_mnc, from_since,
    stays.since::date as since_day
from stays
left join moved on stays.number = moved.number
where moved.number is null or stays.since >= moved.from_at
