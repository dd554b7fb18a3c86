-- Whether everything sent in the hour that begins at `hour` is at least so many seconds old.
create macro internal.hour_is_past(hour, seconds) as (hour) <= internal.ago((seconds) + 3600)
