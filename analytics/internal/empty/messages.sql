-- The messages projection before anything was folded: the columns that the views read, and no row.
create table internal.messages (
    sent_day date,
    message_id varchar,
    number varchar,
    mcc varchar,
    mnc varchar,
    campaign varchar,
    sent_at timestamptz,
    last_status varchar,
    final_status varchar,
    delivered_at timestamptz,
    first_ingested_at timestamptz,
    final_ingested_at timestamptz,
    last_ingested_at timestamptz,
    status_events bigint,
    duplicates bigint,
    conflicting_final boolean,
    out_of_order boolean
)
