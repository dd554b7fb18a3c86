-- Grain: one row a message. Input: {files:String}, the Parquet files of an event log as a glob.
-- Why: the same rows as duckdb.sql, by another engine that is known for such folds. Arrays are
-- made since uniqExact takes twice as long over so many small groups.
SELECT
    message_id,
    argMin(number, seq) AS number,
    argMin(mcc, seq) AS mcc,
    argMin(mnc, seq) AS mnc,
    min(nullIf(JSONExtractString(assumeNotNull(tags), 'campaign'), '')) AS campaign,
    argMin(sent_at, seq) AS sent_at,
    argMax(status, seq) AS last_status,
    argMinIf(tuple(status, delivered_at), seq, final) AS outcome,
    min(ingested_at) AS first_ingested_at,
    minIf(ingested_at, final) AS final_ingested_at,
    max(ingested_at) AS last_ingested_at,
    count() AS status_events,
    count() - length(groupUniqArray(digest)) AS duplicates,
    minIf(status, final) != maxIf(status, final) AS conflicting_final,
    maxIf(seq, NOT final) > minIf(seq, final) AND countIf(final) > 0 AS out_of_order
FROM (
    SELECT *, status IN ('delivered', 'undelivered', 'expired', 'error') AS final
    FROM file({files:String}, Parquet)
    WHERE type = 'status'
)
GROUP BY message_id
SETTINGS max_threads = 2, output_format_parquet_compression_method = 'zstd'
