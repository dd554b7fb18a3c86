-- The start, as an instant, of the hour of the report time zone that an instant falls in. Taken off
-- the instant rather than truncated, so that the hour that a clock change repeats stays two hours.
create or replace macro hour_of(instant, time_zone) as
    instant - to_microseconds(
        (epoch_us(timezone(time_zone, instant)) % 3600000000 + 3600000000) % 3600000000
    )
