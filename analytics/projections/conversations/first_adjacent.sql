-- The day on which the first of the touched conversations began; null without any.
select min(started_at)::date::varchar from adjacent
