-- Grain: one row per date and network that a message reached anybody in. Inputs: messages and replies,
-- by way of internal.recipients.
create view recipient_daily as
select
    date, mcc, mnc, network, country, recipients, repliers, opted_out,
    case when internal.replies_were_seen() then repliers / recipients end as recipient_reply_rate,
    case when internal.replies_were_seen() then wilson_low(repliers, recipients) end
        as recipient_reply_rate_low,
    case when internal.replies_were_seen() then wilson_high(repliers, recipients) end
        as recipient_reply_rate_high,
    case when internal.replies_were_seen() then opted_out / recipients end as opt_out_rate,
    case when internal.replies_were_seen() then wilson_low(opted_out, recipients) end
        as opt_out_rate_low,
    case when internal.replies_were_seen() then wilson_high(opted_out, recipients) end
        as opt_out_rate_high
from internal.recipients(null, null, true, true)
