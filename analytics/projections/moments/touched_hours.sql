-- The hours of the touched moments, since 1970, in UTC. Grain: one hour. Inputs: touched.
select distinct (tick >> 1) // 3600000000 - ((tick >> 1) % 3600000000 < 0)::int from touched
