-- Grain: one row for each chosen key, how the values of a view are spread that has a date, a network, a
-- value and how many have it; the keys that are not chosen are NULL. Percentiles as in internal.delivery,
-- but in two steps, since to rank every value takes twice as long: stretches of 32 values are ranked, and
-- then the values of those in which the percentiles lie.
create macro internal.spread(facts, from_date, to_date, by_date, by_network) as table
with stretches as (
    select
        date, network_id,
        value // 32 as stretch,
        list(value) as values,
        list(how_many) as counts,
        sum(sum(how_many)) over (partition by date, network_id order by value // 32) as reached,
        sum(sum(how_many)) over (partition by date, network_id) as total,
        reached - sum(how_many) as before
    from internal.chosen(facts, from_date, to_date, by_date, by_network)
    group by date, network_id, value // 32
),
cells as (
    select date, network_id, stretch, before, total, unnest(values) as value, unnest(counts) as how_many
    from stretches
    where list_bool_or([rank >= before and rank < reached for rank in [
        floor(internal.rank_at(0.5, total)), ceil(internal.rank_at(0.5, total)),
        floor(internal.rank_at(0.9, total)), ceil(internal.rank_at(0.9, total)),
        floor(internal.rank_at(0.95, total)), ceil(internal.rank_at(0.95, total))
    ]])
),
ranked as (
    select
        date, network_id, value, total,
        before + sum(how_many) over (partition by date, network_id, stretch order by value) as reached
    from cells
),
summed as (
    select
        date, network_id,
        total::bigint as how_many,
        min(value) filter (reached > floor(internal.rank_at(0.5, total))) as low_50,
        min(value) filter (reached > ceil(internal.rank_at(0.5, total))) as high_50,
        min(value) filter (reached > floor(internal.rank_at(0.9, total))) as low_90,
        min(value) filter (reached > ceil(internal.rank_at(0.9, total))) as high_90,
        min(value) filter (reached > floor(internal.rank_at(0.95, total))) as low_95,
        min(value) filter (reached > ceil(internal.rank_at(0.95, total))) as high_95
    from ranked
    group by date, network_id, total
)
select
    date, mcc, mnc, network, country, how_many,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, how_many)) as p50,
    internal.interpolated(low_90, high_90, internal.rank_at(0.9, how_many)) as p90,
    internal.interpolated(low_95, high_95, internal.rank_at(0.95, how_many)) as p95
from summed
left join internal.network_names using (network_id)
