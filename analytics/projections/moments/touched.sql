-- Where something is new (change 1), gone (-1) or not what it was (both): files are replaced whole,
-- and most of what went came again. Grain: one moment. Inputs: came_messages, came_replies,
-- went_messages, went_replies.
create or replace view all_touched as
select number, tick, id, mcc, mnc, campaign, sum(change) as change
from (
    select *, 1 as change from moments_of('came_messages', 'came_replies')
    union all
    select *, -1 from moments_of('went_messages', 'went_replies')
)
group by number, tick, id, mcc, mnc, campaign
having sum(change) <> 0
