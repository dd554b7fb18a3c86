-- Grain: a key of the cells. What must be added to the counts that delivery_facts derives from
-- whole hours, so that they are exact at the instant as_of: messages of the hour in which
-- "as_of - N seconds" falls that are nevertheless at least N seconds old.
-- Inputs: internal.messages (only the rows near a boundary), late_changes.
create table internal.boundary as
with aged as (
    select
        *,
        case when final_status = 'delivered' and delivered_at >= sent_at
            then (epoch_us(delivered_at) - epoch_us(sent_at)) // 1000000 end as latency_seconds
    from internal.messages
    where sent_day >= internal.day_ago(300 + 3600)
        and sent_at > internal.ago(300 + 3600) and sent_at <= internal.ago(0)
    union all
    select *, null from internal.messages
    where final_status is null
        and sent_day >= internal.day_ago(internal.horizon_seconds() + 3600)
        and sent_at > internal.ago(internal.horizon_seconds() + 3600)
        and sent_at <= internal.ago(internal.horizon_seconds())
        -- what both ranges hold must come once
        and not (sent_at > internal.ago(300 + 3600) and sent_at <= internal.ago(0))
),
changes as (
    select
        sent_day, internal.hour_of(sent_at) as sent_hour, mcc, mnc, campaign,
        final_status as status, latency_seconds,
        internal.aged_within_hour(sent_at, 5) as aged_5s,
        internal.aged_within_hour(sent_at, 10) as aged_10s,
        internal.aged_within_hour(sent_at, 30) as aged_30s,
        internal.aged_within_hour(sent_at, 60) as aged_60s,
        internal.aged_within_hour(sent_at, 300) as aged_300s,
        internal.aged_within_hour(sent_at, internal.horizon_seconds()) as aged_horizon,
        0 as eligible,
        0 as replied
    from aged
    union all
    select
        sent_day, internal.hour_of(sent_at), mcc, mnc, campaign, 'delivered', null,
        0, 0, 0, 0, 0, 0, change, case when has_reply then change else 0 end
    from late_changes
)
select
    sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds,
    sum(aged_5s)::bigint as aged_5s,
    sum(aged_10s)::bigint as aged_10s,
    sum(aged_30s)::bigint as aged_30s,
    sum(aged_60s)::bigint as aged_60s,
    sum(aged_300s)::bigint as aged_300s,
    sum(aged_horizon)::bigint as aged_horizon,
    sum(eligible)::bigint as eligible,
    sum(replied)::bigint as replied
from changes
group by all
