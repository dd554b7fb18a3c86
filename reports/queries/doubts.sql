-- One row per reply that contradicts what was told of its message, latest message first; of one network or
-- (null) of all. Numbers and ids are left out: the view has them.
select
    doubt, date, mcc, mnc, network, country, campaign, sent_at, state, delivered_at, received_at,
    attribution, early_seconds
from receipt_doubts_between($from_date, $to_date)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
order by sent_at desc, received_at, doubt, mcc, mnc, attribution
limit $most
