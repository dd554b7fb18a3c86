-- Grain: one network (codes as its country spells them) and hour of sending, of the seven days before the
-- last four hours: how many messages, and how many were delivered within $in_time_seconds.
-- Inputs: the cells, by way of internal.delivery_facts.
select
    mcc,
    mnc,
    arg_max(network, sent_hour) as network,
    sent_hour as starts_at,
    hour(sent_hour at time zone internal.report_time_zone()) as hour_of_day,
    sum(messages)::bigint as messages,
    coalesce(sum(messages) filter (latency_seconds <= $in_time_seconds), 0)::bigint as delivered
from internal.delivery_facts
where sent_day >= internal.day_ago((7 * 24 + 5) * 3600)
    and sent_hour > internal.ago((7 * 24 + 5) * 3600)
    and sent_hour <= internal.ago(5 * 3600)
group by mcc, mnc, sent_hour
having sum(messages) > 0
order by all
