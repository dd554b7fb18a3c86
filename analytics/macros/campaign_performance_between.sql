-- Grain: one row per campaign sent on these dates (inclusive, report time zone); NULL is the
-- messages without one.
create macro campaign_performance_between(from_date, to_date) as table
select
    campaign,
    * exclude (date, hour, mcc, mnc, network, country, campaign),
    messages / sum(messages) over () as share
from internal.delivery('internal.daily_facts', from_date, to_date, false, false, false, true)
