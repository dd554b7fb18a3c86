-- One row per hour sent, outcome and whole second of latency, of one network or (null) of all: what
-- charts by the hour and by the hour of the week are added up from.
select
    sent_hour as hour, status, latency_seconds,
    sum(messages)::bigint as messages,
    sum(aged_horizon)::bigint as aged_horizon
from internal.named('internal.dated_sendings')
where date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by sent_hour, status, latency_seconds
