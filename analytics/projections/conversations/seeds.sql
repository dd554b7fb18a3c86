-- What is known of conversations before their moments in `scope`. Of one that grew, `scope` has its
-- last moment for all that it holds: the rest is here. Of one that is made again, its first moment:
-- only where its chain began is here. Grain: one conversation. Inputs: grown, again.
create or replace table seeds as
select
    number,
    last_tick as tick,
    epoch_us(chain_at) as chain_us,
    started_at,
    started_by,
    mcc,
    mnc,
    campaign,
    messages + inside_messages - (last_tick & 1 = 0)::int as messages,
    replies + inside_replies - (last_tick & 1 = 1)::int as replies,
    turns - 1 as turns,
    epoch_us(case started_by when 'message' then started_at else state_asked_at end) as asked_us,
    first_reply_seconds
from grown
union all by name
select
    number,
    2 * epoch_us(started_at) + (started_by = 'reply')::int as tick,
    epoch_us(chain_at) as chain_us
from again
where is_first
