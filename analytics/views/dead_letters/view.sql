-- Grain: one row per webhook that could not be decoded. Inputs: the dead letters.
create view dead_letters as
select
    seq, node, event_id, provider, source, ingested_at, ingested_date,
    reasons, tags, raw, content_type, digest
from internal.dead_letters_all
