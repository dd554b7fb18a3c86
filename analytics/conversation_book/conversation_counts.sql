-- Grain: a network, who began the conversations of the day, whether the other side spoke too, and how often
-- the word was taken; and once more, with NULL for these three, the network alone, since medians do not add
-- up. Inputs: the day's conversations, spellings.
insert into internal.conversation_counts
with begun as (
    select
        coalesce(spelling.mcc, day.mcc) as mcc,
        coalesce(spelling.mnc, day.mnc) as mnc,
        started_by,
        case when started_by = 'message' then replies > 0 else messages > 0 end as answered,
        turns,
        messages,
        replies,
        (epoch_us(ended_at) - epoch_us(started_at)) // 1000000 as duration_seconds,
        first_reply_seconds
    from day_conversations as day
    left join spellings as spelling on spelling.raw_mcc = day.mcc and spelling.raw_mnc = day.mnc
    where started_at >= make_timestamptz($begins_us) and started_at < make_timestamptz($ends_us)
)
select
    $date::date, mcc, mnc, started_by, answered, turns,
    count(*),
    sum(messages)::bigint,
    sum(replies)::bigint,
    quantile_cont(duration_seconds, 0.5),
    quantile_cont(first_reply_seconds, 0.5)
from begun
group by grouping sets ((mcc, mnc, started_by, answered, turns), (mcc, mnc))
