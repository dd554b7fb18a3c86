-- Grain: the rows of `facts`, a view with a date and a network, that are of these dates (inclusive, report
-- time zone; NULL is no bound). The keys that are not chosen are NULL, so that rows may be added up by those
-- that are.
create macro internal.chosen(facts, from_date, to_date, by_date, by_network) as table
select
    * replace (
        case when by_date then date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        case when by_network then network end as network,
        case when by_network then country end as country,
        case when by_network then network_id end as network_id
    )
from query_table(facts)
where (from_date is null or date >= (from_date)::date)
    and (to_date is null or date <= (to_date)::date)
