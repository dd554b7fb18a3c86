-- The hours that the spans touch, since 1970, in UTC. Grain: one hour. Inputs: spans.
select distinct unnest(range(from_tick // 7200000000 - 1, to_tick // 7200000000 + 1)) from spans
