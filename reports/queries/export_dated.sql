-- Grain: that of the view named $view, less the columns named in $hidden.
-- Inputs: one public view; the bounds of its column $dated, $begin included and $end not, or null.
-- Why: the same rows in the same order each time. $key names the columns that order the rows of one
-- day; none means all of them. Hidden columns are left out here, so that they are not even read.
select columns(lambda name: not list_contains($hidden, name))
from query_table($view)
where ($begin is null or columns(lambda name: name = $dated) >= $begin)
    and ($end is null or columns(lambda name: name = $dated) < $end)
order by
    columns(lambda name: name = $dated),
    columns(lambda name: len($key) = 0 or list_contains($key, name))
