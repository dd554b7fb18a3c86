-- One row per network and whole second after sending at which messages ended, other than by a delivery
-- whose latency is known, or until which they were watched while they wait: counts that can be added up.
select
    mcc, mnc, network, country,
    coalesce(final_seconds, greatest(0, (internal.as_of_us() - epoch_us(open_since)) // 1000000)) as seconds,
    sum(case when status = 'delivered' then messages else 0 end)::bigint as delivered,
    sum(case when status <> 'delivered' then messages else 0 end)::bigint as other,
    sum(case when status is null then messages else 0 end)::bigint as open
from internal.receipt_facts
where (final_seconds is not null or open_since is not null) and date between $from_date and $to_date
group by all
