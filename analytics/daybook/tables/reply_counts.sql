-- Grain: see reply_counts.sql. `quarter` is in quarters of an hour since 1970; `duplicates` are the
-- copies of a reply beyond the first.
create table internal.reply_counts (
    date date,
    quarter bigint,
    mcc varchar,
    mnc varchar,
    attribution varchar,
    replies bigint,
    unknown_reference bigint,
    before_delivery bigint,
    opt_outs bigint,
    duplicates bigint
)
