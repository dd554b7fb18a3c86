-- Grain: that of the view named $view, less the columns named in $hidden.
-- Inputs: one public view whose column $day is a date; the days $from_date to $to_date, both
-- included; the instants of the column $first from $begins_at to before $ends_at; null is no bound.
-- At most $rows rows, where null is all.
-- Why: the same rows in the same order each time: by column $first, then by those named in $key,
-- or by all when it names none. Hidden columns are left out here, so that they are not even read.
select columns(lambda name: not list_contains($hidden, name))
from query_table($view)
where ($from_date is null or columns(lambda name: name = $day) >= $from_date)
    and ($to_date is null or columns(lambda name: name = $day) <= $to_date)
    and ($begins_at is null or columns(lambda name: name = $first) >= $begins_at)
    and ($ends_at is null or columns(lambda name: name = $first) < $ends_at)
order by
    columns(lambda name: name = $first),
    columns(lambda name: len($key) = 0 or list_contains($key, name))
limit $rows
