-- Grain: one network (codes as its country spells them) and five minutes of sending, in the last hours:
-- how many messages, and how many of them were delivered within $in_time_seconds, as far as is known.
-- Inputs: internal.message_facts, of which only the files of these hours are read, since their bounds are
-- constants of the catalogue. Cells know hours only: see docs/decisions/0014.
with sent as (
    select
        mcc, mnc, network, latency_seconds,
        make_timestamptz(epoch_us(sent_at) // 300000000 * 300000000) as starts_at
    from internal.message_facts
    where sent_day >= internal.day_ago(4 * 3600)
        and sent_at > internal.ago(4 * 3600)
)
select
    mcc,
    mnc,
    any_value(network) as network,
    starts_at,
    hour(starts_at at time zone internal.report_time_zone()) as hour_of_day,
    count(*) as messages,
    count(*) filter (latency_seconds <= $in_time_seconds) as delivered
from sent
group by mcc, mnc, starts_at
order by all
