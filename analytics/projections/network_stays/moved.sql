-- The numbers that are new, or seen elsewhere than where they were, with the first instant at which
-- something changed, and the stay that they were in before it (null for none). Of a number without any
-- stay all moments are new, so none need be read.
-- Grain: one number. Inputs: touched, near.
create or replace table moved as
with odd as (
    select touched.number, make_timestamptz(min(touched.tick >> 1)) as from_at
    from (select *, make_timestamptz(tick >> 1) as said_at from touched) as touched
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
    odd.number not in (select number from near) as is_new,
    arg_max(before.mcc, before.since) as mcc,
    arg_max(before.mnc, before.since) as mnc,
    max(before.since) as since
from odd
left join near as before on odd.number = before.number and before.since < odd.from_at
group by odd.number, odd.from_at
