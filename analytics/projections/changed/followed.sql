-- What the projections that follow messages ask of them. Grain: one message. Inputs: followed_messages.
create or replace view followed as
select
    message_id,
    number,
    mcc,
    mnc,
    campaign,
    sent_at,
    sent_day,
    final_status,
    delivered_at,
    final_ingested_at,
    status_events,
    duplicates,
    conflicting_final,
    out_of_order,
    state_key
from followed_messages
