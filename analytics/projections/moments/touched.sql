-- Where something is new, gone or not what it was: partitions are replaced whole, and most of what
-- went came again. Grain: one number and instant. Inputs: came, went (moments).
create or replace table touched as
select distinct number, said_at
from (
    select number, said_at
    from (
        select *, 1 as change from came
        union all
        select *, -1 from went
    )
    group by number, said_at, side, id, mcc, mnc, campaign
    having sum(change) <> 0
)
