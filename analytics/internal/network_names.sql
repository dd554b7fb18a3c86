-- Grain: one row per network_id: what it means. Inputs: internal.network_codes.
create table internal.network_names as
select distinct network_id, mcc, mnc, network, country
from internal.network_codes
