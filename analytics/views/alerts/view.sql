-- Grain: one row per alert that is remembered. Inputs: the alerts' own file, read anew at each question.
create view alerts as
select
    alert_id,
    kind,
    mcc,
    mnc,
    case when kind = 'delivery' then coalesce(network, 'all networks') end as network,
    job,
    began_at,
    fired_at,
    (fired_at at time zone internal.report_time_zone())::date as fired_date,
    resolved_at,
    resolved_at is null as is_open,
    told_at,
    messages,
    delivered,
    delivered / nullif(messages, 0) as delivered_rate,
    usual_rate,
    usual_silence_seconds,
    error
from internal.alerts_all
