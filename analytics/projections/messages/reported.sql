-- What each status event of the touched messages says of its message, as the state of a message of
-- which nothing else is known. Grain: one status event. Inputs: events_to_fold, touched.
create or replace view reported as
select
    message_id,
    number,
    mcc,
    mnc,
    campaign_of(tags) as campaign,
    sent_at,
    status as last_status,
    status in ('delivered', 'undelivered', 'expired', 'error') as is_final,
    case when is_final then status end as final_status,
    case when status = 'delivered' then delivered_at end as delivered_at,
    1::bigint as status_events,
    tags as state_tags,
    position_of(ingested_at, node, seq) as state_first,
    state_first as state_last,
    case when is_final then state_first end as state_final,
    case when not is_final then state_first end as state_open,
    final_status as state_final_low,
    final_status as state_final_high,
    case when not is_final then status end as state_open_low,
    state_open_low as state_open_high,
    [content_of(number, mcc, mnc, tags, sent_at, status, events_to_fold.delivered_at)]
        as state_contents
from events_to_fold
semi join touched using (message_id)
where type = 'status'
