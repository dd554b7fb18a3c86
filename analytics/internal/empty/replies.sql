-- The replies projection before anything was folded: the columns that the views read, and no row.
create table internal.replies (
    received_day date,
    reply_id varchar,
    number varchar,
    mcc varchar,
    mnc varchar,
    body varchar,
    received_at timestamptz,
    replied_to varchar,
    campaign varchar,
    copies bigint,
    first_ingested_at timestamptz,
    attribution varchar,
    unknown_reference boolean,
    message_id varchar,
    message_sent_at timestamptz,
    message_delivered_at timestamptz,
    time_to_reply_seconds bigint,
    before_delivery boolean
)
