-- Grain: one row per date and network. Inputs: the cells, by way of internal.delivery.
create view delivery_daily as
select
    date, mcc, mnc, network, country,
    * exclude (
        date, hour, mcc, mnc, network, country, campaign,
        eligible_messages, replied, reply_rate, reply_rate_low, reply_rate_high
    )
from internal.delivery('internal.daily_facts', null, null, true, false, true, false)
