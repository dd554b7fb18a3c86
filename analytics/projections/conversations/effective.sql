-- The conversations that some files hold. A newer row stands for the one of the same beginning; one in
-- which there is nothing says that there is none any more. Grain: one conversation. Inputs: base, newer.
create or replace view effective as
from base anti join newer using (number, started_at)
union all by name
from newer
where messages > 0 or replies > 0
