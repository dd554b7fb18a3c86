-- Grain: one conversation. A newer row stands for the one of the same beginning; one in which there is
-- nothing says that there is none any more. Inputs: the files that were written whole, and those beside.
create view internal.conversations as
from internal.conversations_base anti join internal.conversations_newer using (number, started_at)
union all by name
from internal.conversations_newer
where messages > 0 or replies > 0
