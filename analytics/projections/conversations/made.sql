-- The conversations that the moments amount to. A chain begins after a silence longer than the gap, or
-- where a conversation that continues one is made again; it is cut every seven days, counted from its
-- beginning. The network and campaign are those of the first moment. A turn is a run of moments of
-- one side. The first reply is the first that follows a message.
-- Grain: one conversation. Inputs: scope (the moments to take up), replaced, the parameters gap_us and
-- cap_us.
create or replace table made as
with followed as (
    select
        scope.*,
        epoch_us(said_at) as said_us,
        row_number() over in_time as ordinal,
        lag(side) over in_time as side_before,
        lag(epoch_us(said_at)) over in_time as before_us,
        epoch_us(seeds.state_chain_started_at) as seed_us
    from scope
    left join (from replaced where is_first) as seeds
        on scope.number = seeds.number and scope.said_at = seeds.started_at
    window in_time as (partition by scope.number order by said_at, side, id)
),
placed as (
    select
        *,
        max(
            case when before_us is null or said_us - before_us > $gap_us
                then coalesce(seed_us, said_us) end
        ) over (partition by number order by ordinal) as chain_us
    from followed
),
cut as (
    select
        *,
        (said_us - chain_us) // $cap_us as piece,
        before_us >= chain_us + piece * $cap_us as goes_on
    from placed
),
counted as (
    select
        number,
        chain_us,
        piece,
        min(said_us) as start_us,
        max(said_us) as end_us,
        arg_min(side, ordinal) as first_side,
        arg_min_null(mcc, ordinal) as mcc,
        arg_min_null(mnc, ordinal) as mnc,
        arg_min_null(campaign, ordinal) as campaign,
        count(*) filter (side = 0) as messages,
        count(*) filter (side = 1) as replies,
        1 + count(*) filter (goes_on and side <> side_before) as turns,
        min(said_us) filter (side = 0) as first_message_us,
        min(said_us) filter (side = 1 and goes_on and side_before = 0) as first_reply_us
    from cut
    group by number, chain_us, piece
)
select
    md5(to_json([number, start_us::varchar])::varchar) as conversation_id,
    number,
    mcc,
    mnc,
    campaign,
    make_timestamptz(start_us) as started_at,
    make_timestamptz(end_us) as ended_at,
    make_timestamptz(least(end_us + $gap_us, chain_us + (piece + 1) * $cap_us - 1)) as open_until,
    case first_side when 0 then 'message' else 'reply' end as started_by,
    messages,
    replies,
    turns,
    (end_us - start_us) // 1000000 as duration_seconds,
    (first_reply_us - first_message_us) // 1000000 as first_reply_seconds,
    piece > 0 as continues,
    make_timestamptz(chain_us) as state_chain_started_at,
    make_timestamptz(start_us)::date as started_day
from counted
