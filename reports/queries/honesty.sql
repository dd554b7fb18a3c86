-- One row per network: what speaks against its receipts, busiest first.
from receipt_honesty_between($from_date, $to_date)
order by messages desc, mcc, mnc, network
