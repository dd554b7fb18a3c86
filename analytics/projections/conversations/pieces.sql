-- Where conversations begin, and what they hold. A chain begins after a silence longer than the gap, or
-- goes on with one that is known (seeds); it is cut every so often, counted from its beginning. Most
-- moments are a conversation of their own: only the others are put in chains. Of moments of one instant
-- the windows may each have another order, so all of them look at the whole instant.
-- Grain: one conversation. Inputs: scope (the moments to take up), seeds, the parameters gap_us and cap_us.
create or replace table pieces as
with
followed as (
    select
        *,
        lag(tick) over in_time as before,
        lead(tick) over in_time as after
    from scope
    window in_time as (partition by number order by tick)
),
linked as (
    select
        followed.*,
        seeds.chain_us as seed_us,
        before is null or (tick >> 1) - (before >> 1) > $gap_us as begins,
        seed_us is null and begins and (after is null or (after >> 1) - (tick >> 1) > $gap_us)
            as is_alone
    from followed
    left join seeds using (number, tick)
),
chained as (
    select
        *,
        max(case when begins then coalesce(seed_us, tick >> 1) end) over (
            partition by number order by tick range unbounded preceding
        ) as chain_us
    from linked
    where not is_alone
),
cut as (
    select
        *,
        ((tick >> 1) - chain_us) // $cap_us as piece,
        not begins and (before >> 1) >= chain_us + piece * $cap_us as goes_on
    from chained
),
rest as (
    select
        number,
        chain_us,
        piece,
        max(tick) as last_tick,
        count(*) filter (tick & 1 = 0) as messages,
        count(*) filter (tick & 1 = 1) as replies,
        count(*) filter (tick & 1 <> before & 1) as turns,
        min(tick) filter (tick & 1 = 0) as asked_tick,
        min(tick) filter (tick & 1 = 1 and before & 1 = 0) as answered_tick,
        min(tick) filter (tick = before) as tied_tick
    from cut
    where goes_on
    group by number, chain_us, piece
)
select
    number, tick, mcc, mnc, campaign, chain_us, piece,
    coalesce(last_tick, tick) as last_tick,
    messages, replies, turns, asked_tick, answered_tick,
    coalesce(tied_tick = tick, false) as is_tied
from cut
left join rest using (number, chain_us, piece)
where not goes_on
union all by name
select
    number, tick, mcc, mnc, campaign, tick >> 1 as chain_us, 0 as piece,
    tick as last_tick, false as is_tied
from linked
where is_alone
