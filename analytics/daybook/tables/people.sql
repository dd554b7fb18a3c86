-- The people of each day before there was one: the columns that the views read, and no row.
create table internal.people (
    mcc varchar,
    mnc varchar,
    chunk bigint,
    reached blob,
    replied blob,
    opted_out blob,
    date date
)
