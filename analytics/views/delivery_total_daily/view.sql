-- Grain: one row per date, all networks together: percentiles cannot be had by averaging those of
-- delivery_daily. Inputs: the cells, by way of internal.delivery.
create view delivery_total_daily as
select
    date,
    * exclude (
        date, hour, mcc, mnc, network, country, campaign,
        eligible_messages, replied, reply_rate, reply_rate_low, reply_rate_high
    )
from internal.delivery('internal.daily_facts', null, null, true, false, false, false)
