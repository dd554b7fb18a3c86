-- Grain: one row per network (mcc, mnc, name) that was sent to on these dates (inclusive, report
-- time zone).
create macro network_performance_between(from_date, to_date) as table
select
    mcc, mnc, network, country,
    * exclude (date, hour, mcc, mnc, network, country, campaign),
    messages / sum(messages) over () as share
from internal.delivery('internal.daily_facts', from_date, to_date, false, false, true, false)
