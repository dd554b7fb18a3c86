-- The stays on networks before anything was folded: the columns that the views read, and no row.
create table internal.network_stays (
    since_day date,
    number varchar,
    mcc varchar,
    mnc varchar,
    since timestamptz,
    from_mcc varchar,
    from_mnc varchar,
    from_since timestamptz
)
