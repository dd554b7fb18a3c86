-- The last instant, in microseconds, at which a moment would still belong to a conversation: the gap after its
-- last one, or the end of its longest time. A chain is cut every so many days from its beginning.
create macro internal.open_until_us(started_at, ended_at, chain_started_at) as least(
    epoch_us(ended_at) + internal.conversation_gap_seconds() * 1000000::bigint,
    epoch_us(coalesce(chain_started_at, started_at)) + (
        (epoch_us(started_at) - epoch_us(coalesce(chain_started_at, started_at)))
        // (internal.conversation_longest_seconds() * 1000000::bigint) + 1
    ) * internal.conversation_longest_seconds() * 1000000::bigint - 1
)
