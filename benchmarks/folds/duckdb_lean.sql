-- Grain: one row a message. Inputs: $files, the Parquet files of an event log; $out, the file.
-- Why: the same without counting redelivered webhooks. Their lists of digests do not spill: with them
-- and 3 GiB, 33 million events end in an out-of-memory error.
COPY (
SELECT
    message_id,
    arg_min(number, seq) AS number,
    arg_min(mcc, seq) AS mcc,
    arg_min(mnc, seq) AS mnc,
    min(tags ->> '$.campaign') AS campaign,
    arg_min(sent_at, seq) AS sent_at,
    arg_max(status, seq) AS last_status,
    arg_min({'status': status, 'delivered_at': delivered_at}, seq) FILTER (final) AS outcome,
    min(ingested_at) AS first_ingested_at,
    min(ingested_at) FILTER (final) AS final_ingested_at,
    max(ingested_at) AS last_ingested_at,
    count(*) AS status_events,
    NULL::BIGINT AS duplicates,
    coalesce(min(status) FILTER (final) <> max(status) FILTER (final), false)
        AS conflicting_final,
    coalesce(max(seq) FILTER (NOT final) > min(seq) FILTER (final), false) AS out_of_order
FROM (
    SELECT *, status IN ('delivered', 'undelivered', 'expired', 'error') AS final
    FROM read_parquet($files)
    WHERE type = 'status'
)
GROUP BY message_id
) TO $out (FORMAT parquet, COMPRESSION zstd)
