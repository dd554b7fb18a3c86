-- Grain: one row per conversation. What can be told from the rest is told here and not kept: files are
-- written again whenever a conversation goes on. Inputs: internal.dated_conversations, as_of.
create view conversations as
with cut as (
    select *, internal.open_until_us(started_at, ended_at, chain_started_at) as open_us
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
