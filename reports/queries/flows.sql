-- One row per pair of networks between which numbers moved, most numbers first.
from network_flows_between($from_date, $to_date)
order by numbers desc, from_mcc, from_mnc, to_mcc, to_mnc
