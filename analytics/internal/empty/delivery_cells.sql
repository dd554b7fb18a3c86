-- The delivery cells before anything was folded: the columns that the views read, and no row.
create table internal.delivery_cells (
    sent_day date,
    sent_hour timestamptz,
    mcc varchar,
    mnc varchar,
    campaign varchar,
    status varchar,
    latency_seconds bigint,
    messages bigint,
    clock_anomalies bigint,
    conflicting_finals bigint,
    out_of_order bigint,
    duplicates bigint,
    status_events bigint
)
