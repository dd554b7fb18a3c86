-- One row per hour in which replies came in, counted from the first instant of a short period,
-- of one network or (null) of all.
select
    $start::timestamptz
        + to_hours((epoch(received_at) - epoch($start::timestamptz))::bigint // 3600) as hour,
    count(*) as replies,
    count(*) filter (attribution = 'explicit') as explicit,
    count(*) filter (attribution = 'inferred') as inferred,
    count(*) filter (attribution = 'unsolicited') as unsolicited,
    count(*) filter (opt_out) as opt_outs,
    null::double as reply_rate
from replies
where received_at >= $start::timestamptz and received_at < $stop::timestamptz
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by hour
order by hour
