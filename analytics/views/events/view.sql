-- Grain: one row per event, duplicates included. Inputs: the event log.
create view events as
select
    seq, node, event_id, type, provider, source, ingested_at, ingested_date,
    message_id, status, sent_at, delivered_at, replied_to, received_at, body,
    number, mcc, mnc, tags, raw, content_type, digest
from internal.events_all
