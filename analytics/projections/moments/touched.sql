-- Where something is new (change 1), gone (-1) or not what it was (both): files of replies are replaced
-- whole, and most of what went came again. Grain: one moment. Inputs: came and went (messages),
-- came_replies, went_replies.
create or replace view all_touched as
select number, tick, id, mcc, mnc, campaign, sum(change) as change
from (
    select *, 1 as change from moments_of('came', 'came_replies')
    union all
    select *, -1 from moments_of('went', 'went_replies')
)
group by number, tick, id, mcc, mnc, campaign
having sum(change) <> 0
