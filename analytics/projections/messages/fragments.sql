-- What the events of a message that agree on all its fields say together, counted and compared only:
-- a third of the work of the whole fold. Nearly every message is one such fragment.
-- Grain: one message and what is said of it. Inputs: events_to_fold.
create or replace table fragments as
select
    message_id,
    number,
    mcc,
    mnc,
    tags,
    sent_at,
    min(campaign) as campaign,
    count(*) as status_events,
    min(whole) as first,
    max(whole) as last,
    min(whole) filter (is_final) as final,
    max(whole) filter (not is_final) as open,
    min(status) filter (is_final) as final_low,
    max(status) filter (is_final) as final_high,
    min(status) filter (not is_final) as open_low,
    max(status) filter (not is_final) as open_high,
    max(delivered_at) as delivered_at,
    bool_or(delivered_at is not null and status <> 'delivered') as is_odd
from (
    select
        *,
        campaign_of(tags) as campaign,
        position_of(ingested_at, node, seq) as whole,
        status in ('delivered', 'undelivered', 'expired', 'error') as is_final
    from events_to_fold
    where type = 'status'
)
group by message_id, number, mcc, mnc, tags, sent_at
