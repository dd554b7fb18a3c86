-- One row a webhook, durable when the statement returns: autocommit, synchronous_commit on.
-- Input: the fields of a receipt as they came, and the whole body.
INSERT INTO webhooks (message_id, status, sent_at, delivered_at, number, mcc, mnc, raw)
VALUES (
    %(uuid)s,
    %(status)s,
    %(sent_at)s,
    %(delivered_at)s,
    %(receiver[number])s,
    %(receiver[mcc])s,
    %(receiver[mnc])s,
    %(raw)s
)
