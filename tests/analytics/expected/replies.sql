-- Grain: one row per chosen key. The counts of replies, reply by reply. Inputs: replies.
select
    case when $by_date then timezone(about.time_zone, received_at)::date end as date,
    case when $by_network then mcc end as mcc,
    case when $by_network then mnc end as mnc,
    case when $by_network then network end as network,
    count(*) as replies,
    count(*) filter (attribution = 'explicit') as explicit,
    count(*) filter (attribution = 'inferred') as inferred,
    count(*) filter (attribution = 'unsolicited') as unsolicited,
    count(*) filter (unknown_reference) as unknown_reference,
    count(*) filter (body in ('STOP', 'Oprește')) as opt_outs,
    count(*) filter (received_at < message_delivered_at) as before_delivery,
    quantile_cont(time_to_reply_seconds, 0.5) as time_to_reply_p50,
    quantile_cont(time_to_reply_seconds, 0.9) as time_to_reply_p90
from replies
cross join internal.catalogue as about
where ($from_date is null or timezone(about.time_zone, received_at)::date >= $from_date)
    and ($to_date is null or timezone(about.time_zone, received_at)::date <= $to_date)
group by 1, 2, 3, 4
