-- The state of every touched message: a join-semilattice, so that any order, batching and repetition
-- of the states gives the same. Each fact is that of the event with the least (or greatest) position.
-- Left out of what is stored is what can be told from the rest (`remembered` puts it back): the last
-- event if it is the final one, or the first; the last open one if it is the first; the contents if
-- they are as expected. Grain: one message. Inputs: reported, remembered.
create or replace view folded as
with
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
        sum(status_events)::bigint as status_events,
        arg_min(state_tags, state_first) as state_tags,
        min(state_first) as state_first,
        max(state_last) as state_last,
        min(state_final) as state_final,
        max(state_open) as state_open,
        min(state_final_low) as state_final_low,
        max(state_final_high) as state_final_high,
        min(state_open_low) as state_open_low,
        max(state_open_high) as state_open_high,
        list_sort(list_distinct(flatten(list(state_contents)))) as contents
    from (
        select * exclude (is_final) from reported
        union all by name
        from remembered
    )
    group by message_id
)
select
    message_id,
    number,
    mcc,
    mnc,
    campaign,
    sent_at,
    utc_day(sent_at) as sent_day,
    last_status,
    final_status,
    delivered_at,
    instant_of(joined.state_first) as first_ingested_at,
    instant_of(joined.state_final) as final_ingested_at,
    instant_of(joined.state_last) as last_ingested_at,
    status_events,
    status_events - len(contents) as duplicates,
    coalesce(state_final_low <> state_final_high, false) as conflicting_final,
    coalesce(joined.state_open > joined.state_final, false) as out_of_order,
    key_of(message_id) as state_key,
    state_tags,
    place_of(joined.state_first) as state_first,
    place_of(joined.state_final) as state_final,
    case
        when joined.state_last <> coalesce(joined.state_final, joined.state_first)
            then place_of(joined.state_last)
    end as state_last,
    case
        when joined.state_open <> joined.state_first then joined.state_open::decimal(38, 0)
    end as state_open,
    state_final_low,
    state_final_high,
    state_open_low,
    state_open_high,
    case
        when contents is distinct from expected_of(
            number, mcc, mnc, state_tags, sent_at,
            state_open_low, state_open_high, final_status, delivered_at
        )
            then contents
    end as state_contents
from joined
