-- Grain: one row per code as spelt on the wire and period, the periods covering all dates.
-- Inputs: the codes seen (seen_codes.sql), resolved by analytics/networks.py, as JSON.
create table internal.network_codes as
select unnest(
    from_json(
        $rows,
        '[{"raw_mcc": "VARCHAR", "raw_mnc": "VARCHAR", "mcc": "VARCHAR", "mnc": "VARCHAR",
           "network": "VARCHAR", "country": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE",
           "is_known": "BOOLEAN"}]'
    ),
    recursive := true
)
