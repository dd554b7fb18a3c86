-- The state of every touched message: a join-semilattice, so that any order, batching and repetition
-- of the states gives the same. Each fact is that of the event with the least (or greatest) position.
-- Grain: one message. Inputs: reported, before (stored messages), touched.
create or replace view folded as
with
states as (
    select * from reported
    union all by name
    select
        * exclude (
            sent_day, duplicates, conflicting_final, out_of_order,
            state_first, state_last, state_final, state_open
        ),
        state_first::hugeint as state_first,
        state_last::hugeint as state_last,
        state_final::hugeint as state_final,
        state_open::hugeint as state_open
    from before
    semi join touched using (message_id)
),
joined as (
    select
        message_id,
        arg_min(number, state_first) as number,
        arg_min(mcc, state_first) as mcc,
        arg_min(mnc, state_first) as mnc,
        min(campaign) as campaign,
        arg_min(sent_at, state_first) as sent_at,
        arg_max(last_status, state_last) as last_status,
        arg_min(final_status, state_final) as final_status,
        arg_min_null(delivered_at, state_final) as delivered_at,
        min(first_ingested_at) as first_ingested_at,
        min(final_ingested_at) as final_ingested_at,
        max(last_ingested_at) as last_ingested_at,
        sum(status_events)::bigint as status_events,
        min(state_first) as state_first,
        max(state_last) as state_last,
        min(state_final) as state_final,
        max(state_open) as state_open,
        min(state_final_low) as state_final_low,
        max(state_final_high) as state_final_high,
        list_sort(list_distinct(list_concat(
            list(digest) filter (where digest is not null),
            flatten(list(state_digests) filter (where state_digests is not null))
        ))) as state_digests
    from states
    group by message_id
)
select
    message_id,
    number,
    mcc,
    mnc,
    campaign,
    sent_at,
    sent_at::date as sent_day,
    last_status,
    final_status,
    delivered_at,
    first_ingested_at,
    final_ingested_at,
    last_ingested_at,
    status_events,
    status_events - len(state_digests) as duplicates,
    coalesce(state_final_low <> state_final_high, false) as conflicting_final,
    coalesce(state_open > state_final, false) as out_of_order,
    state_first::decimal(38, 0) as state_first,
    state_last::decimal(38, 0) as state_last,
    state_final::decimal(38, 0) as state_final,
    state_open::decimal(38, 0) as state_open,
    state_final_low,
    state_final_high,
    state_digests
from joined
