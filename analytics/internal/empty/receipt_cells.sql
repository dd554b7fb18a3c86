-- The receipt cells before anything was folded: the columns that the views read, and no row.
create table internal.receipt_cells (
    sent_day date,
    date date,
    mcc varchar,
    mnc varchar,
    status varchar,
    lag_ms bigint,
    final_seconds bigint,
    open_since timestamptz,
    messages bigint
)
