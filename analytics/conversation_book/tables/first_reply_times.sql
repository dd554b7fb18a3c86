-- Grain: see first_reply_times.sql. The codes are as their country spells them.
create table internal.first_reply_times (
    date date,
    mcc varchar,
    mnc varchar,
    seconds bigint,
    conversations bigint,
    past usmallint[]
)
