-- Grain: one row per code and period of validity, in the order given. Inputs: analytics/networks.py.
create table internal.networks as
select
    unnest($mcc::varchar[]) as mcc,
    unnest($mnc::varchar[]) as mnc,
    unnest($network::varchar[]) as network,
    unnest($country::varchar[]) as country,
    unnest($country_code::varchar[]) as country_code,
    unnest($valid_from::date[]) as valid_from,
    unnest($valid_to::date[]) as valid_to
