-- The dead letters before there was one: the columns of eventlog/schema.py, and no row.
create table internal.dead_letters_all (
    seq bigint,
    node varchar,
    event_id varchar,
    provider varchar,
    source varchar,
    ingested_at timestamptz,
    ingested_date date,
    reasons varchar,
    tags varchar,
    raw blob,
    content_type varchar,
    digest varchar
)
