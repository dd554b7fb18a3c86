-- One row per reason, the most frequent first: the field, what was expected of it, how many dead
-- letters have the reason and when the last of them came. One with several reasons counts for each.
with reasons as (
    select
        unnest(from_json(reasons, '[{"field": "VARCHAR", "expected": "VARCHAR"}]')) as reason,
        ingested_at
    from dead_letters
)
select
    reason.field as field,
    reason.expected as expected,
    count(*)::bigint as dead_letters,
    max(ingested_at) as last_at
from reasons
group by all
order by dead_letters desc, field, expected
limit 100
