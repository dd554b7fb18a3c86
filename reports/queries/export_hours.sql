-- Grain: one row per hour, in seconds since 1970, in which the instant $first of a row lies.
-- Inputs: one public view whose column $day is a date; the days $from_date to $to_date, both
-- included; null is no bound.
-- Why: a long export is made piece by piece, and a piece is as many hours as have so many rows.
select
    epoch_us(columns(lambda name: name = $first)) // 3600000000 * 3600 as hour,
    count(*) as rows
from query_table($view)
where ($from_date is null or columns(lambda name: name = $day) >= $from_date)
    and ($to_date is null or columns(lambda name: name = $day) <= $to_date)
group by all
order by all
