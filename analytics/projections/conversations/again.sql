-- What is made again from its moments: of each chain of an odd number that changed, the conversations
-- from the first that was touched to the end. What lies before stays as it is, since its moments and
-- their chain do. Grain: one conversation. Inputs: stored (from the first touched one on), adjacent.
create or replace table again as
select
    stored.number,
    stored.started_at,
    stored.ended_at,
    stored.started_by,
    stored.state_chain_started_at,
    stored.filename,
    stored.started_at = changed.first_at as is_first
from stored
inner join (
    select number, state_chain_started_at, min(started_at) as first_at
    from adjacent
    group by number, state_chain_started_at
) as changed
    on stored.number = changed.number
    and stored.state_chain_started_at = changed.state_chain_started_at
    and stored.started_at >= changed.first_at
