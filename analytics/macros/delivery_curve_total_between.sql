-- Grain: as delivery_curve_between, over all networks together.
create macro delivery_curve_total_between(from_date, to_date) as table
select * exclude (mcc, mnc, network, country)
from internal.delivery_curve(from_date, to_date, false)
