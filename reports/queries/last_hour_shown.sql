-- One row per network: of the messages sent since an hour before these figures, how many were delivered within
-- 30 s and 5 min, and how many still wait; of one network or (null) of all.
select
    mcc, mnc, network,
    count(*) as messages,
    count(*) filter (latency_seconds <= 30) as within_30s,
    count(*) filter (latency_seconds <= 300) as within_300s,
    count(*) filter (final_status is null) as waiting
from messages
where sent_at > $since
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by all
order by messages desc, mcc, mnc
