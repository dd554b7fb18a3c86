-- Grain: one row per code and period of validity. Inputs: the shipped list and the corrections.
create view networks as
select mcc, mnc, network, country, country_code, valid_from, valid_to
from internal.networks
