-- Grain: one row per hour and network. Inputs: the cells, by way of internal.delivery.
create view delivery_hourly as
select
    date, hour, mcc, mnc, network, country,
    * exclude (
        date, hour, mcc, mnc, network, country, campaign,
        eligible_messages, replied, reply_rate, reply_rate_low, reply_rate_high
    )
from internal.delivery('internal.delivery_facts', null, null, true, true, true, false)
