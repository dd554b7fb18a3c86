-- One row per network: what speaks against its receipts, busiest first; one network or (null) all.
from receipt_honesty_between($from_date, $to_date)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
order by messages desc, mcc, mnc, network
