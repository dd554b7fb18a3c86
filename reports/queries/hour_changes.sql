-- One row per hour of the day sent and measure: what it did to the change from the days before.
from change_by_hour_between($from_date, $to_date, $before_from, $before_to)
where measure = $measure
order by hour_of_day
