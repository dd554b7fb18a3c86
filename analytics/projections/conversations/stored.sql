-- The stored conversations of the numbers of which something was touched. A newer row stands for the one
-- of the same beginning; one in which there is nothing says that there is none any more.
-- Grain: one conversation. Inputs: base, newer (files near the touched moments), touched.
create or replace view stored as
from base semi join touched using (number) anti join newer using (number, started_at)
union all by name
from newer semi join touched using (number)
where messages > 0 or replies > 0
