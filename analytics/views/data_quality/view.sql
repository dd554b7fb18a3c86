-- Grain: one row per date and check, for every date on which anything was sent, received or
-- refused; a count of 0 says that it was looked for. Inputs: the cells, the counts of replies, dead letters.
create view data_quality as
with found as (
    select
        date,
        duplicates, out_of_order, conflicting_finals, clock_anomalies,
        0 as dead_letters,
        case when network_is_known then 0 else messages end as unknown_networks,
        0 as unknown_references,
        0 as replies_before_delivery
    from internal.daily_facts
    union all
    select date, duplicates, 0, 0, 0, 0, 0, unknown_reference, before_delivery
    from internal.reply_counts
    union all
    select
        (ingested_at at time zone internal.report_time_zone())::date, 0, 0, 0, 0, count(*), 0, 0, 0
    from internal.dead_letters_all
    group by all
),
summed as (
    select date, sum(columns(* exclude (date)))::bigint
    from found
    group by date
)
select date, "check", count, null::double as seconds, null::timestamptz as instant
from (unpivot summed on * exclude (date) into name "check" value count)
union all
select date, 'receipt_lag_p95', receipts, receipt_lag_p95, null
from internal.receipt_lag(null, null, true, false)
union all
select
    (last_event_at at time zone internal.report_time_zone())::date, 'last_event_at', events, null,
    last_event_at
from internal.catalogue
where last_event_at is not null
