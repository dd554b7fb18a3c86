-- The conversations before anything was folded: the columns that the views read, and no row.
create table internal.conversations (
    started_day date,
    number varchar,
    mcc varchar,
    mnc varchar,
    campaign varchar,
    started_at timestamptz,
    ended_at timestamptz,
    started_by varchar,
    messages bigint,
    replies bigint,
    turns bigint,
    first_reply_seconds bigint,
    chain_started_at timestamptz
)
