-- The start, as an instant, of the hour of the report time zone that an instant falls in. Taken off
-- the instant rather than truncated, so that the hour that a clock change repeats stays two hours.
create macro internal.hour_of(instant) as
    (instant) - to_microseconds(
        (epoch_us((instant) at time zone internal.report_time_zone()) % 3600000000 + 3600000000)
        % 3600000000
    )
