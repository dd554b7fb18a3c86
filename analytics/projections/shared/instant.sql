-- The upper bits of a position: ingested_at.
create or replace macro instant_of(whole) as make_timestamptz((whole >> 68)::bigint)
