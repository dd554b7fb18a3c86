-- Grain: one conversation. A newer row stands for the one of the same beginning; one in which there is
-- nothing says that there is none any more. Inputs: the files that were written whole, and those beside,
-- each a table or a view.
create macro internal.layered(base, newer) as table
from query_table(base) anti join query_table(newer) using (number, started_at)
union all by name
from query_table(newer)
where messages > 0 or replies > 0
