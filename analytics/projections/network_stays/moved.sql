-- The numbers that are new, or seen elsewhere than where they were, with the first instant at which
-- something changed, and the stay that they were in before it (null for none).
-- Grain: one number. Inputs: touched, stored (every partition).
create or replace table moved as
with near as (
    from stored semi join touched using (number)
),
odd as (
    select touched.number, min(touched.said_at) as from_at
    from touched
    asof left join near on touched.number = near.number and touched.said_at >= near.since
    where touched.mcc is not null and touched.mnc is not null
        and (
            touched.change < 0
            or near.number is null
            or touched.mcc <> near.mcc
            or touched.mnc <> near.mnc
        )
    group by touched.number
)
select
    odd.number,
    odd.from_at,
    arg_max(near.mcc, near.since) as mcc,
    arg_max(near.mnc, near.since) as mnc,
    max(near.since) as since
from odd
left join near on odd.number = near.number and near.since < odd.from_at
group by odd.number, odd.from_at
