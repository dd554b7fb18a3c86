-- The hour in which the first of the adjacent conversations began, since 1970, in UTC; null without any.
select epoch_us(min(started_at)) // 3600000000 from adjacent
