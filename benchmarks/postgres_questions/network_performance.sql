-- network_performance of 30 days.
SELECT
    mcc, mnc,
    count(*) AS messages,
    count(*) FILTER (WHERE final_status = 'delivered') AS delivered,
    count(*)::float / sum(count(*)) OVER () AS share,
    percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (
        ORDER BY extract(epoch FROM delivered_at - sent_at)
    ) FILTER (WHERE delivered_at >= sent_at) AS latency
FROM messages
WHERE sent_at >= %(since)s AND sent_at < %(until)s
GROUP BY 1, 2
