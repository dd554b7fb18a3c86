-- Grain: one row per pair of networks between which numbers moved. Inputs: network_flows_between.
create view network_flows as
from network_flows_between(null, null)
