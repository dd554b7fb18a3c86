-- Grain: one row per code that has a name on the day of as_of: as spelt on the wire where webhooks
-- had it, and as spelt in the list. Inputs: internal.network_codes, internal.networks.
-- Why: the names of its columns leave mcc and mnc to the parameters of the macro network_name.
create table internal.names_today as
with today as (
    select (internal.ago(0) at time zone internal.report_time_zone())::date as date
),
named as (
    select raw_mcc as wire_mcc, raw_mnc as wire_mnc, network as name, 1 as choice
    from internal.network_codes, today
    where is_known and today.date between valid_from and valid_to
    union all
    select mcc, mnc, network, 2
    from internal.networks, today
    where today.date >= coalesce(valid_from, '-infinity'::date)
        and today.date <= coalesce(valid_to, 'infinity'::date)
)
select wire_mcc, wire_mnc, arg_min(name, choice) as name
from named
group by all
