-- Grain: that of the view named $view, less the columns named in $hidden.
-- Inputs: one public view whose column $day is a date; the days $from_date to $to_date, both
-- included; null is no bound.
-- Why: the same rows in the same order each time: by column $first, then by those named in $key,
-- or by all when it names none. Hidden columns are left out here, so that they are not even read.
select columns(lambda name: not list_contains($hidden, name))
from query_table($view)
where ($from_date is null or columns(lambda name: name = $day) >= $from_date)
    and ($to_date is null or columns(lambda name: name = $day) <= $to_date)
order by
    columns(lambda name: name = $first),
    columns(lambda name: len($key) = 0 or list_contains($key, name))
