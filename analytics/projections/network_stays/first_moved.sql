-- The day from which on moments are to be read; null when nobody moved.
select min(from_at)::date::varchar from moved
