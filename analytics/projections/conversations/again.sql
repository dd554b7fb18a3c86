-- What is made again from its moments: of each chain of an odd number that changed, the conversations
-- from the first that was touched to the end. What lies before stays as it is, since its moments and
-- their chain do. Grain: one conversation. Inputs: stored (from the first touched one on), adjacent.
create or replace table again as
select
    stored.number,
    stored.started_at,
    stored.ended_at,
    stored.started_by,
    changed.chain_at,
    stored.started_at = changed.first_at as is_first
from stored
inner join (
    select number, chain_at, min(started_at) as first_at
    from adjacent
    group by number, chain_at
) as changed
    on stored.number = changed.number
    and coalesce(stored.chain_started_at, stored.started_at) = changed.chain_at
    and stored.started_at >= changed.first_at
