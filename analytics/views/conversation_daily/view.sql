-- Grain: one row per day on which conversations began, and network. Inputs: internal.conversation_facts; its
-- rows of whole networks have the medians.
create view conversation_daily as
with summed as (
    select
        date, mcc, mnc, network, country,
        max(conversations) filter (started_by is null) as conversations,
        coalesce(sum(conversations) filter (started_by = 'message'), 0)::bigint as by_message,
        coalesce(sum(conversations) filter (started_by = 'reply'), 0)::bigint as by_reply,
        coalesce(sum(conversations) filter (started_by = 'message' and answered), 0)::bigint as ours_answered,
        max(messages) filter (started_by is null) as messages,
        max(replies) filter (started_by is null) as replies,
        sum(turns * conversations)::bigint as turns,
        max(duration_p50) filter (started_by is null) as duration_p50,
        max(first_reply_p50) filter (started_by is null) as first_reply_p50
    from internal.conversation_facts
    group by date, mcc, mnc, network, country
)
select
    date, mcc, mnc, network, country,
    conversations,
    by_message as started_by_message,
    by_reply as started_by_reply,
    ours_answered as answered,
    ours_answered / nullif(by_message, 0) as answered_rate,
    wilson_low(ours_answered, by_message) as answered_rate_low,
    wilson_high(ours_answered, by_message) as answered_rate_high,
    messages, replies, turns, duration_p50, first_reply_p50
from summed
