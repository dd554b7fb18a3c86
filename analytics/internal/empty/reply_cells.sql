-- The reply cells before anything was folded: the columns that the views read, and no row.
create table internal.reply_cells (
    sent_day date,
    sent_hour timestamptz,
    mcc varchar,
    mnc varchar,
    campaign varchar,
    time_to_reply_seconds bigint,
    messages bigint
)
