-- Grain: one row per message. Inputs: the messages projection, networks, as_of.
create view messages as
select
    message_id, number, mcc, mnc, network, country, campaign, sent_at, sent_date, state,
    final_status, delivered_at, latency_seconds,
    first_ingested_at, final_ingested_at, last_ingested_at,
    status_events, conflicting_final, clock_anomaly,
    duplicates, out_of_order, last_status, raw_mcc, raw_mnc
from internal.message_facts
