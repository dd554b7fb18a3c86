-- Grain: one code that is spelt otherwise on the wire, and how its country spells it.
-- Inputs: internal.network_codes.
create or replace temp view spellings as
select distinct raw_mcc, raw_mnc, mcc, mnc
from internal.network_codes
where raw_mcc <> mcc or raw_mnc <> mnc
order by all
