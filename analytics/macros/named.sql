-- Grain: that of the table or view `facts`, which has a date and codes as spelt on the wire: with the
-- codes as their country spells them, and the names that hold on that date.
create macro internal.named(facts) as table
select
    fact.* exclude (mcc, mnc),
    coalesce(code.mcc, fact.mcc) as mcc,
    coalesce(code.mnc, fact.mnc) as mnc,
    coalesce(code.network, fact.mcc || '-' || fact.mnc) as network,
    code.country,
    code.network_id,
    coalesce(code.is_known, false) as network_is_known
from query_table(facts) as fact
left join internal.network_codes as code
    on code.raw_mcc = fact.mcc and code.raw_mnc = fact.mnc
    and fact.date between code.valid_from and code.valid_to
