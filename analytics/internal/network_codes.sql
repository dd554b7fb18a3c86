-- Grain: one row per code as spelt on the wire and period, the periods covering all dates. Rows of one
-- network_id mean the same network by the same name: a number is put together with others, and in order,
-- in a fraction of the time of four texts.
-- Inputs: the codes seen (seen_codes.sql), resolved by analytics/networks.py, as JSON.
create table internal.network_codes as
select *, dense_rank() over (order by mcc, mnc, network, country)::integer as network_id
from (
    select unnest(
        from_json(
            $rows,
            '[{"raw_mcc": "VARCHAR", "raw_mnc": "VARCHAR", "mcc": "VARCHAR", "mnc": "VARCHAR",
               "network": "VARCHAR", "country": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE",
               "is_known": "BOOLEAN"}]'
        ),
        recursive := true
    )
)
