-- Grain: that of the view named $view, less the columns named in $hidden.
-- Inputs: one public view, whose rows belong to no day.
-- Why: the same rows in the same order each time.
select columns(lambda name: not list_contains($hidden, name))
from query_table($view)
order by all
