-- The messages whose row can be told from a fragment. One whose events disagree has several, in this
-- pass or in others: those are found by their keys at the end, and joined.
-- Grain: one message, nearly always. Inputs: fragments, touched (the unusual ones).
create or replace view unchanged as
select
    message_id,
    number,
    mcc,
    mnc,
    campaign,
    sent_at,
    utc_day(sent_at) as sent_day,
    case when last = final then final_low else open_low end as last_status,
    final_low as final_status,
    delivered_at,
    instant_of(first) as first_ingested_at,
    instant_of(final) as final_ingested_at,
    instant_of(last) as last_ingested_at,
    status_events,
    0::bigint as duplicates,
    false as conflicting_final,
    coalesce(open > final, false) as out_of_order,
    key_of(message_id) as state_key,
    tags as state_tags,
    place_of(first) as state_first,
    place_of(final) as state_final,
    case when last <> coalesce(final, first) then place_of(last) end as state_last,
    case when open <> first then open::decimal(38, 0) end as state_open,
    final_low as state_final_low,
    final_high as state_final_high,
    open_low as state_open_low,
    open_high as state_open_high,
    null::bigint[] as state_contents
from fragments
anti join touched using (message_id)
