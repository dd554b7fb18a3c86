-- Grain: one row per code as spelt on the wire and period, the periods covering all dates.
-- Inputs: the codes seen (seen_codes.sql), resolved by analytics/networks.py.
create table internal.network_codes as
select
    unnest($raw_mcc::varchar[]) as raw_mcc,
    unnest($raw_mnc::varchar[]) as raw_mnc,
    unnest($mcc::varchar[]) as mcc,
    unnest($mnc::varchar[]) as mnc,
    unnest($network::varchar[]) as network,
    unnest($country::varchar[]) as country,
    unnest($valid_from::date[]) as valid_from,
    unnest($valid_to::date[]) as valid_to,
    unnest($is_known::boolean[]) as is_known
