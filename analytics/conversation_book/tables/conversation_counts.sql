-- Grain: see conversation_counts.sql. The codes are as their country spells them.
create table internal.conversation_counts (
    date date,
    mcc varchar,
    mnc varchar,
    started_by varchar,
    answered boolean,
    turns bigint,
    conversations bigint,
    messages bigint,
    replies bigint,
    duration_p50 double,
    first_reply_p50 double
)
