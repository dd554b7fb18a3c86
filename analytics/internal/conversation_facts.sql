-- Grain: a row of internal.conversation_counts, with the names that hold on its date. The codes are as their
-- country spells them, whereas internal.named takes those on the wire.
create view internal.conversation_facts as
with code as (
    select distinct mcc, mnc, network, country, valid_from, valid_to from internal.network_codes
)
select counts.*, coalesce(code.network, counts.mcc || '-' || counts.mnc) as network, code.country
from internal.conversation_counts as counts
left join code
    on code.mcc = counts.mcc and code.mnc = counts.mnc
    and counts.date between code.valid_from and code.valid_to
