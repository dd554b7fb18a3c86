-- Grain: one message, with the names that hold on the date it was sent and its state at as_of.
-- Inputs: the messages projection.
create view internal.message_facts as
with dated as (
    select messages.*, days.date as sent_date
    from internal.messages as messages
    inner join internal.days as days
        on days.utc_date = messages.sent_day
        and messages.sent_at >= days.begins_at and messages.sent_at < days.ends_at
)
select
    dated.* exclude (mcc, mnc),
    coalesce(code.mcc, dated.mcc) as mcc,
    coalesce(code.mnc, dated.mnc) as mnc,
    coalesce(code.network, dated.mcc || '-' || dated.mnc) as network,
    code.country,
    dated.mcc as raw_mcc,
    dated.mnc as raw_mnc,
    case
        when final_status is not null then final_status
        when sent_at > internal.ago(internal.horizon_seconds()) then 'pending'
        else 'unknown'
    end as state,
    case when final_status = 'delivered' and delivered_at >= sent_at
        then (epoch_us(delivered_at) - epoch_us(sent_at)) // 1000000 end as latency_seconds,
    coalesce(final_status = 'delivered' and delivered_at < sent_at, false) as clock_anomaly
from dated
left join internal.network_codes as code
    on code.raw_mcc = dated.mcc and code.raw_mnc = dated.mnc
    and dated.sent_date between code.valid_from and code.valid_to
