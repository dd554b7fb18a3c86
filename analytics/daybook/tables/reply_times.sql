-- Grain: see reply_times.sql.
create table internal.reply_times (
    date date,
    mcc varchar,
    mnc varchar,
    time_to_reply_seconds bigint,
    replies bigint
)
