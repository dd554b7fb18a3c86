-- One row per network and whole second after sending at which messages of the hour before as_of were
-- delivered, ended otherwise, or until which they were watched while they wait; of one network or (null) of
-- all. An end on no clock of SMSO's counts when its receipt reached us. Only the files of that hour are read.
select
    mcc, mnc, network, country,
    coalesce(
        latency_seconds,
        greatest(0, (epoch_us(coalesce(final_ingested_at, internal.ago(0))) - epoch_us(sent_at)) // 1000000)
    )::bigint as seconds,
    count(*) filter (final_status = 'delivered') as delivered,
    count(*) filter (final_status <> 'delivered') as other,
    count(*) filter (final_status is null) as open
from internal.message_facts
where sent_day >= internal.day_ago(3600)
    and sent_at > internal.ago(3600)
    and sent_at <= internal.ago(0)
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by all
order by all
