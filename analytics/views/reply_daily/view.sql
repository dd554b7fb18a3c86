-- Grain: one row per date and network. Inputs: replies and cells, by way of internal.reply.
create view reply_daily as
select
    date, mcc, mnc, network, country,
    replies, explicit, inferred, unsolicited, unknown_reference, opt_outs,
    eligible_messages, replied_messages, reply_rate, reply_rate_low, reply_rate_high,
    time_to_reply_p50, time_to_reply_p90, before_delivery
from internal.reply(null, null, true, true)
