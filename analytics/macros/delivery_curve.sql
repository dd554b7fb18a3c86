-- Grain: one row for each network (or all together, keys NULL) and whole second after sending at which
-- a message reached an end: what share was delivered by then, or ended otherwise, with those that still
-- wait at as_of counted as long as they were watched (Aalen and Johansen's estimator: what waits is
-- censored at as_of - sent_at, other final statuses compete). The instant of an end that is no delivery
-- is on no clock of SMSO's: it counts when its receipt reached us, and so does a delivery whose latency
-- is unknown. At a second at which none ended, as at most of them, the shares are those of the last at
-- which any did: looked up, since to sum takes longer. Inputs: both cells, as_of.
create macro internal.delivery_curve(from_date, to_date, by_network) as table
with ends as (
    select network_id, latency_seconds as seconds, messages as delivered, 0 as other, 0 as open
    from internal.chosen('internal.daily_facts', from_date, to_date, false, by_network)
    where latency_seconds is not null
    union all
    select
        network_id,
        coalesce(final_seconds, greatest(0, (internal.as_of_us() - epoch_us(open_since)) // 1000000)),
        case when status = 'delivered' then messages else 0 end,
        case when status <> 'delivered' then messages else 0 end,
        case when status is null then messages else 0 end
    from internal.chosen('internal.receipt_facts', from_date, to_date, false, by_network)
    where final_seconds is not null or open_since is not null
),
by_second as (
    select
        network_id,
        seconds,
        sum(delivered)::bigint as delivered,
        sum(other)::bigint as other_finals,
        sum(open)::bigint as still_open
    from ends
    group by all
    having sum(delivered + other + open) > 0
),
watched as (
    select
        *,
        sum(delivered + other_finals + still_open) over (
            partition by network_id order by seconds desc
        )::bigint as at_risk,
        max(case when delivered + other_finals > 0 then seconds end) over (
            partition by network_id order by seconds
        ) as last_end
    from by_second
),
survived as (
    select
        *,
        product(1 - (delivered + other_finals) / at_risk) over (
            partition by network_id order by seconds
        ) as waiting_share
    from watched
    where delivered + other_finals > 0
),
entered as (
    select
        *,
        lag(waiting_share, 1, 1) over (partition by network_id order by seconds)
            / at_risk as weight
    from survived
),
shares as (
    select
        network_id,
        seconds as last_end,
        sum(weight * delivered) over in_time as delivered_share,
        sum(weight * other_finals) over in_time as other_share,
        waiting_share
    from entered
    window in_time as (partition by network_id order by seconds)
)
select
    mcc, mnc, network, country, seconds, at_risk, delivered, other_finals, still_open,
    coalesce(delivered_share, 0) as delivered_share,
    coalesce(other_share, 0) as other_share,
    coalesce(waiting_share, 1) as waiting_share
from watched
left join shares
    on shares.network_id is not distinct from watched.network_id
    and shares.last_end = watched.last_end
left join internal.network_names as names on names.network_id = watched.network_id
