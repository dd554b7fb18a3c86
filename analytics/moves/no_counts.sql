-- Where the messages around moves are counted. Grain: a move, several rows each: they are added up.
create or replace temp table counts (
    number varchar,
    since timestamptz,
    before_from timestamptz,
    after_to timestamptz,
    messages_before bigint,
    delivered_before bigint,
    open_before bigint,
    messages_after bigint,
    delivered_after bigint,
    open_after bigint
)
