-- One row per network that carried a message in the period, busiest first.
from network_performance_between($from_date, $to_date)
order by messages desc, mcc, mnc, network
