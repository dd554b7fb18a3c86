-- The hour of the day in UTC of an instant, 0 to 23.
create or replace macro utc_hour(instant) as hour(make_timestamp(epoch_us(instant)))
