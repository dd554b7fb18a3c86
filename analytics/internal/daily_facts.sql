-- Grain: delivery_facts by the day, additive like these, and kept in the catalogue: small, and read
-- without opening a file. What asks for days asks it here; only hours need delivery_facts.
-- Inputs: internal.delivery_facts.
create table internal.daily_facts as
select
    date, null::timestamptz as sent_hour, null::bigint as hour_sent, mcc, mnc, network, country, network_id, network_is_known, campaign, status, latency_seconds,
    sum(columns([
        'messages', 'clock_anomalies', 'conflicting_finals', 'out_of_order', 'duplicates',
        'aged_5s', 'aged_10s', 'aged_30s', 'aged_60s', 'aged_300s', 'aged_horizon', 'eligible', 'replied'
    ]))::bigint
from internal.delivery_facts
group by all
order by date
