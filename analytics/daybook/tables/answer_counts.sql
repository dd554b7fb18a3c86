-- Grain: see answer_counts.sql. `date` is that of the message, as are the codes.
create table internal.answer_counts (
    received_date date,
    date date,
    mcc varchar,
    mnc varchar,
    replies bigint
)
