-- The hours from the beginning of 1970, in UTC, to the hour of an instant; negative before.
create or replace macro hour_number(instant) as
    (epoch_us(instant) - (epoch_us(instant) % 3600000000 + 3600000000) % 3600000000) // 3600000000
