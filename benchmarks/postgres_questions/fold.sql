-- One row a message: the upsert of each receipt, done for all at once.
INSERT INTO messages
SELECT DISTINCT ON (message_id)
    message_id, number, mcc, mnc, tags::json ->> 'campaign', sent_at,
    CASE WHEN status IN ('delivered', 'undelivered', 'expired', 'error') THEN status END,
    CASE WHEN status = 'delivered' THEN delivered_at END
FROM events
WHERE type = 'status'
ORDER BY
    message_id,
    status IN ('delivered', 'undelivered', 'expired', 'error') DESC, ingested_at, seq
