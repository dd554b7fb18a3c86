-- One row per network and whole second after sending at which messages ended, other than by a delivery
-- whose latency is known, or until which they were watched while they wait: counts that can be added up. What
-- was watched until after the last end of all is told at that: nothing happens later that it could be part of.
with cells as materialized (
    select date, mcc, mnc, status, final_seconds, open_since, messages
    from internal.receipt_cells
    where (final_seconds is not null or open_since is not null) and date between $from_date and $to_date
),
last_end as (
    select greatest(
        (select max(final_seconds) from cells),
        (select max(latency_seconds) from internal.daily_facts where date between $from_date and $to_date)
    ) as seconds
),
ended as (
    select
        date, mcc, mnc,
        coalesce(
            final_seconds,
            least(greatest(0, (internal.as_of_us() - epoch_us(open_since)) // 1000000), last_end.seconds)
        ) as seconds,
        sum(case when status = 'delivered' then messages else 0 end) as delivered,
        sum(case when status <> 'delivered' then messages else 0 end) as other,
        sum(case when status is null then messages else 0 end) as open
    from cells
    cross join last_end
    group by all
)
select
    mcc, mnc, network, country, seconds,
    sum(delivered)::bigint as delivered,
    sum(other)::bigint as other,
    sum(open)::bigint as open
from internal.named('ended')
group by all
