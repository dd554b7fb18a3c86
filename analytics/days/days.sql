-- Grain: one day of the report time zone: when it begins and ends, in microseconds since 1970, and the
-- days of UTC that hold its rows. Inputs: internal.days.
select
    date, epoch_us(min(begins_at)) as begins_us, epoch_us(max(ends_at)) as ends_us,
    list(distinct utc_date order by utc_date) as utc_dates
from internal.days
group by date
order by date
