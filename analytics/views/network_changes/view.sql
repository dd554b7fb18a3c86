-- Grain: one row per change of network of one number. Inputs: the network_stays projection, networks.
create view network_changes as
select
    date, number, from_mcc, from_mnc, from_network, to_mcc, to_mnc, to_network,
    since as seen_at, from_since as seen_before_since
from internal.change_facts
