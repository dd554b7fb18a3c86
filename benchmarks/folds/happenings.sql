-- Grain: one row an event, not yet numbered. Inputs: $first and $past, which messages to invent, all
-- of them sent on the day that begins at $begins_at.
-- Why: an event log of a size that the simulator is too slow for. Shares and latencies are
-- roughly its; all chance is a hash, so the same inputs give the same log. A number has its network;
-- one in fifty moves to another (or the same) within the thirty days of the log.
CREATE OR REPLACE TEMP TABLE invented AS
WITH message AS MATERIALIZED (
    SELECT
        i,
        concat_ws('-', id[1:8], id[9:12], '4' || id[14:16], 'a' || id[18:20], id[21:32])
            AS message_id,
        $begins_at::TIMESTAMPTZ + to_seconds(floor(chance(i, 'sent') * 86400)) AS sent_at,
        hash(i, 'number') % 700000 AS n,
        '+40700' || lpad(n::VARCHAR, 6, '0') AS number,
        '2026-10-25 00:00:00+00'::TIMESTAMPTZ + to_seconds(2592000 * chance(n, 'when')) AS moves_at,
        chance(n, IF(chance(n, 'moves') < 0.02 AND sent_at >= moves_at, 'new', 'old')) AS network,
        CASE
            WHEN network < 0.36 THEN '01'
            WHEN network < 0.70 THEN '10'
            WHEN network < 0.94 THEN '05'
            ELSE '03'
        END AS mnc,
        CASE
            WHEN chance(i, 'campaign') < 0.40 THEN '{}'
            WHEN chance(i, 'campaign') < 0.65 THEN '{"campaign":"reminders"}'
            WHEN chance(i, 'campaign') < 0.80 THEN '{"campaign":"loyalty"}'
            WHEN chance(i, 'campaign') < 0.92 THEN '{"campaign":"spring"}'
            ELSE '{"campaign":"win-back"}'
        END AS tags,
        CASE
            WHEN chance(i, 'final') < 0.940 THEN 'delivered'
            WHEN chance(i, 'final') < 0.970 THEN 'undelivered'
            WHEN chance(i, 'final') < 0.983 THEN 'expired'
            WHEN chance(i, 'final') < 0.987 THEN 'error'
        END AS final_status,
        exp(1.35 + 0.8 * sqrt(-2 * ln(1 - chance(i, 'u'))) * cos(2 * pi() * chance(i, 'v')))
            AS latency_seconds
    FROM (SELECT i, md5(i::VARCHAR) AS id FROM range($first, $past) AS numbers (i))
)

SELECT *, 'status' AS type, 'sent' AS status, NULL::TIMESTAMPTZ AS happened_at,
    sent_at + to_microseconds((
        1e6 * (0.2 + 2 * chance(i, 'sent lag') + IF(chance(i, 'late') < 0.008, 60, 0))
    )::BIGINT) AS ingested_at
FROM message
WHERE chance(i, 'has sent') < 0.95
UNION ALL
SELECT *, 'status', 'dispatched', NULL,
    sent_at + to_microseconds((1e6 * chance(i, 'dispatch lag'))::BIGINT)
FROM message
WHERE chance(i, 'has dispatched') < 0.10
UNION ALL
SELECT *, 'status', final_status,
    sent_at + to_seconds(floor(latency_seconds)),
    sent_at + to_microseconds((1e6 * (latency_seconds + 2 * chance(i, 'lag')))::BIGINT)
FROM message
WHERE final_status IS NOT NULL
UNION ALL
SELECT *, 'status', final_status,
    sent_at + to_seconds(floor(latency_seconds)),
    sent_at + to_microseconds((1e6 * (latency_seconds + 600 * chance(i, 'again')))::BIGINT)
FROM message
WHERE final_status IS NOT NULL AND chance(i, 'redelivered') < 0.003
UNION ALL
SELECT *, 'reply', NULL,
    sent_at + to_seconds(floor(latency_seconds + exp(3 + 5 * chance(i, 'answer')))),
    sent_at + to_microseconds((
        1e6 * (latency_seconds + exp(3 + 5 * chance(i, 'answer')))
    )::BIGINT)
FROM message
WHERE final_status = 'delivered' AND chance(i, 'replied') < 0.12
