-- Grain: one row per code and period of validity, in the order given. Inputs: analytics/networks.py,
-- as JSON: bound as lists, three thousand rows take DuckDB most of a second.
create table internal.networks as
select unnest(
    from_json(
        $rows,
        '[{"mcc": "VARCHAR", "mnc": "VARCHAR", "network": "VARCHAR", "country": "VARCHAR",
           "country_code": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE"}]'
    ),
    recursive := true
)
