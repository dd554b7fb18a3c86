-- The conversations that the moments amount to. The network and campaign are those of the first moment.
-- A turn is a run of moments of one side. The first reply is the first that follows a message.
-- Grain: one conversation. Inputs: pieces, seeds, firsts.
create or replace view made as
with
joined as (
    select
        pieces.number,
        tick >> 1 as first_us,
        tick & 1 as side,
        seeds.started_at is not null as is_grown,
        chain_us,
        piece,
        coalesce(epoch_us(seeds.started_at), first_us) as start_us,
        last_tick,
        coalesce(seeds.started_by, case side when 0 then 'message' else 'reply' end) as started_by,
        case when is_grown then seeds.mcc when is_tied then firsts.mcc else pieces.mcc end as mcc,
        case when is_grown then seeds.mnc when is_tied then firsts.mnc else pieces.mnc end as mnc,
        case
            when is_grown then seeds.campaign when is_tied then firsts.campaign else pieces.campaign
        end as campaign,
        coalesce(pieces.messages, 0) + coalesce(seeds.messages, 0) + 1 - side as messages,
        coalesce(pieces.replies, 0) + coalesce(seeds.replies, 0) + side as replies,
        coalesce(pieces.turns, 0) + coalesce(seeds.turns, 0) + 1 as turns,
        coalesce(seeds.asked_us, case side when 0 then first_us end, asked_tick >> 1) as first_asked_us,
        coalesce(seeds.first_reply_seconds, ((answered_tick >> 1) - first_asked_us) // 1000000)
            as first_reply_seconds
    from pieces
    left join (select * exclude (chain_us) from seeds) as seeds using (number, tick)
    left join firsts using (number, tick)
)
select
    number,
    mcc,
    mnc,
    campaign,
    make_timestamptz(start_us) as started_at,
    make_timestamptz(last_tick >> 1) as ended_at,
    started_by,
    messages::bigint as messages,
    replies::bigint as replies,
    turns::bigint as turns,
    first_reply_seconds,
    case when piece > 0 then make_timestamptz(chain_us) end as chain_started_at,
    case when started_by = 'reply' then make_timestamptz(first_asked_us) end as state_asked_at,
    case last_tick & 1 when 0 then 'message' else 'reply' end as state_ended_by,
    utc_day(make_timestamptz(start_us)) as started_day
from joined
