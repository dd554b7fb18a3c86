-- Grain: one row per measure and hour of the day sent (0 to 23, report time zone): as
-- change_by_network_between, by hour instead of by network. Two ways to split one change, not two parts of it.
create macro change_by_hour_between(from_date, to_date, before_from := null, before_to := null) as table
select * exclude (mcc, mnc, network, country)
from internal.change('internal.delivery_facts', from_date, to_date, before_from, before_to, false, true)
