-- The latency percentiles of 30 days, all networks together.
SELECT percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (
    ORDER BY extract(epoch FROM delivered_at - sent_at)
)
FROM messages
WHERE sent_at >= %(since)s AND sent_at < %(until)s AND delivered_at >= sent_at
