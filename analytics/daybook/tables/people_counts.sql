-- Grain: see people_counts.sql.
create table internal.people_counts (
    date date,
    mcc varchar,
    mnc varchar,
    recipients bigint,
    repliers bigint,
    opted_out bigint
)
