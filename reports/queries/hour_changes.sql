-- One row per hour of the day sent and measure (null: all): what it did to the change from the days before.
from change_by_hour_between($from_date, $to_date, $before_from, $before_to)
where $measure is null or measure = $measure
order by measure, hour_of_day
