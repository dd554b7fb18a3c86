-- Grain: one message, with the names that hold on the date it was sent and its state at as_of.
-- Inputs: internal.dated_messages.
create view internal.message_facts as
select
    * exclude (date, network_is_known),
    date as sent_date,
    case
        when final_status is not null then final_status
        when sent_at > internal.ago(internal.horizon_seconds()) then 'pending'
        else 'unknown'
    end as state,
    case when final_status = 'delivered' and delivered_at >= sent_at
        then (epoch_us(delivered_at) - epoch_us(sent_at)) // 1000000 end as latency_seconds,
    coalesce(final_status = 'delivered' and delivered_at < sent_at, false) as clock_anomaly
from internal.named('internal.dated_messages')
