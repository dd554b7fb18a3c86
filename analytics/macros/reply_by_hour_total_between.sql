-- Grain: as reply_by_hour_between, over all networks together.
create macro reply_by_hour_total_between(from_date, to_date) as table
select * exclude (mcc, mnc, network, country)
from internal.reply_by_hour(from_date, to_date, false)
