-- Grain: one row per conversation. What can be told from the rest is told here and not kept: files are
-- written again whenever a conversation goes on. A chain is cut every so many days from its beginning.
-- Inputs: internal.dated_conversations, as_of.
create view conversations as
with cut as (
    select
        *,
        epoch_us(coalesce(chain_started_at, started_at)) as chain_us,
        internal.conversation_longest_seconds() * 1000000::bigint as longest_us,
        least(
            epoch_us(ended_at) + internal.conversation_gap_seconds() * 1000000::bigint,
            chain_us + ((epoch_us(started_at) - chain_us) // longest_us + 1) * longest_us - 1
        ) as open_us
    from internal.named('internal.dated_conversations')
)
select
    md5(concat(epoch_us(started_at), ' ', number)) as conversation_id,
    number, mcc, mnc, network, country,
    campaign, started_at, date as started_date, ended_at, started_by,
    messages, replies, turns,
    (epoch_us(ended_at) - epoch_us(started_at)) // 1000000 as duration_seconds,
    first_reply_seconds,
    open_us >= internal.as_of_us() as is_open,
    make_timestamptz(open_us) as open_until,
    chain_started_at is not null as continues
from cut
