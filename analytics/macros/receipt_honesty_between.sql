-- Grain: one row per network (mcc, mnc, name) that was sent to on these dates (inclusive, report time
-- zone): what speaks against its receipts. An indicator, no proof.
create macro receipt_honesty_between(from_date, to_date) as table
with told as (
    select
        mcc, mnc, network, country,
        sum(messages)::bigint as messages,
        coalesce(sum(messages) filter (status = 'delivered'), 0)::bigint as delivered,
        coalesce(sum(messages) filter (status is not null), 0)::bigint as finals,
        coalesce(sum(case when status is null then aged_horizon when status <> 'delivered' then messages end), 0)
            ::bigint as not_delivered,
        coalesce(sum(messages) filter (latency_seconds is not null), 0)::bigint as latencies,
        coalesce(sum(messages) filter (latency_seconds <= 1), 0)::bigint as instant,
        sum(eligible)::bigint as eligible_messages,
        sum(replied)::bigint as replied
    from internal.daily_facts
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
    having sum(messages) > 0
),
answered as (
    select
        mcc, mnc, network, country,
        sum(replies)::bigint as replies,
        count(*) filter (doubt = 'undelivered') as to_undelivered,
        count(*) filter (doubt = 'expired') as to_expired,
        count(*) filter (doubt = 'error') as to_error,
        count(*) filter (doubt = 'unknown') as to_unknown,
        count(*) filter (doubt = 'before_delivery') as before_delivery,
        count(*) filter (doubt is not null and attribution = 'explicit') as explicit_doubts,
        count(distinct message_id) filter (doubt <> 'before_delivery') as not_delivered_replied
    from (
        select date, mcc, mnc, network, country, replies, null as doubt, null as attribution, null as message_id
        from internal.answer_count_facts
        union all
        select date, mcc, mnc, network, country, 0, doubt, attribution, message_id
        from internal.doubt_facts
    )
    where (from_date is null or date >= (from_date)::date)
        and (to_date is null or date <= (to_date)::date)
    group by all
),
judged as (
    select
        told.*,
        coalesce(replies, 0) as replies,
        coalesce(to_undelivered, 0) as replies_to_undelivered,
        coalesce(to_expired, 0) as replies_to_expired,
        coalesce(to_error, 0) as replies_to_error,
        coalesce(to_unknown, 0) as replies_to_unknown,
        coalesce(before_delivery, 0) as replies_before_delivery,
        coalesce(explicit_doubts, 0) as explicit_doubts,
        coalesce(not_delivered_replied, 0) as not_delivered_replied,
        sum(told.replied) over () / nullif(sum(told.eligible_messages) over (), 0) as usual_rate
    from told
    left join answered
        on told.mcc is not distinct from answered.mcc
        and told.mnc is not distinct from answered.mnc
        and told.network is not distinct from answered.network
        and told.country is not distinct from answered.country
)
select
    mcc, mnc, network, country, messages, delivered, finals, not_delivered,
    replies, replies_to_undelivered, replies_to_expired, replies_to_error, replies_to_unknown,
    replies_before_delivery,
    replies_to_undelivered + replies_to_expired + replies_to_error + replies_to_unknown
        + replies_before_delivery as doubts,
    explicit_doubts,
    not_delivered_replied,
    not_delivered_replied / nullif(not_delivered, 0) as not_delivered_replied_share,
    wilson_low(not_delivered_replied, not_delivered) as not_delivered_replied_share_low,
    wilson_high(not_delivered_replied, not_delivered) as not_delivered_replied_share_high,
    latencies,
    instant,
    instant / nullif(latencies, 0) as instant_share,
    wilson_low(instant, latencies) as instant_share_low,
    wilson_high(instant, latencies) as instant_share_high,
    eligible_messages,
    replied,
    case when internal.replies_were_seen()
        then eligible_messages > 0 and delivered = finals and replies = 0 end
        as all_delivered_no_replies,
    case when internal.replies_were_seen() and replied = 0 and eligible_messages > 0
        then pow(1 - usual_rate, eligible_messages) end as no_reply_chance
from judged
