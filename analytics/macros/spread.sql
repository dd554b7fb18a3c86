-- Grain: one row for each chosen key, how the values of a view are spread that has a date, a network, a
-- value and how many have it; the keys that are not chosen are NULL. Percentiles as in internal.delivery.
create macro internal.spread(facts, from_date, to_date, by_date, by_network) as table
with by_value as (
    select
        date, network_id,
        value,
        sum(how_many) as how_many
    from internal.chosen(facts, from_date, to_date, by_date, by_network)
    group by all
),
ranked as (
    select
        *,
        sum(how_many) over (partition by date, network_id order by value) as reached,
        sum(how_many) over (partition by date, network_id) as total
    from by_value
),
summed as (
    select
        date, network_id,
        sum(how_many)::bigint as how_many,
        min(value) filter (reached > floor(internal.rank_at(0.5, total))) as low_50,
        min(value) filter (reached > ceil(internal.rank_at(0.5, total))) as high_50,
        min(value) filter (reached > floor(internal.rank_at(0.9, total))) as low_90,
        min(value) filter (reached > ceil(internal.rank_at(0.9, total))) as high_90,
        min(value) filter (reached > floor(internal.rank_at(0.95, total))) as low_95,
        min(value) filter (reached > ceil(internal.rank_at(0.95, total))) as high_95
    from ranked
    group by date, network_id
)
select
    date, mcc, mnc, network, country, how_many,
    internal.interpolated(low_50, high_50, internal.rank_at(0.5, how_many)) as p50,
    internal.interpolated(low_90, high_90, internal.rank_at(0.9, how_many)) as p90,
    internal.interpolated(low_95, high_95, internal.rank_at(0.95, how_many)) as p95
from summed
left join internal.network_names using (network_id)
