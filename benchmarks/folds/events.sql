-- Grain: one row an event, with the columns of the event log; `raw` is empty: no projection reads it.
-- Inputs: due, the events of one day; $before, how many were numbered already; $node, who is said
-- to have taken them in.
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
    $before + row_number() OVER (ORDER BY ingested_at, message_id, status) AS seq,
    $node AS node,
    printf('01935000-0000-7000-8000-%012x', seq) AS event_id,
    type,
    'smso' AS provider,
    'webhook' AS source,
    ingested_at,
    CASE type WHEN 'status' THEN message_id END AS message_id,
    status,
    CASE type WHEN 'status' THEN sent_at END AS sent_at,
    CASE status WHEN 'delivered' THEN happened_at END AS delivered_at,
    CASE type WHEN 'reply' THEN message_id END AS replied_to,
    CASE type WHEN 'reply' THEN happened_at END AS received_at,
    CASE type WHEN 'reply' THEN ['Da', 'Nu', 'STOP', 'Mulțumesc 😀'][1 + i % 4] END AS body,
    number,
    '226' AS mcc,
    mnc,
    tags,
    ''::BLOB AS raw,
    'application/x-www-form-urlencoded' AS content_type,
    md5(concat(message_id, type, status)) AS digest
FROM due
ORDER BY seq
