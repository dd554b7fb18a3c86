-- The hour from which on moments are to be read, since 1970, in UTC; null when nobody moved.
select epoch_us(min(from_at)) // 3600000000 - 1 from moved where not is_new
