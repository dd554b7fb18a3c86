-- Grain: one row, the replies received and the messages sent on these dates (inclusive, report time
-- zone), also when there was none. Recipients are distinct numbers, and so are those of them that
-- replied and opted out.
create macro reply_between(from_date, to_date) as table
select
    coalesce(replies, 0) as replies,
    coalesce(explicit, 0) as explicit,
    coalesce(inferred, 0) as inferred,
    coalesce(unsolicited, 0) as unsolicited,
    coalesce(unknown_reference, 0) as unknown_reference,
    coalesce(opt_outs, 0) as opt_outs,
    coalesce(before_delivery, 0) as before_delivery,
    coalesce(eligible_messages, 0) as eligible_messages,
    coalesce(replied_messages, 0) as replied_messages,
    reply_rate, reply_rate_low, reply_rate_high, time_to_reply_p50, time_to_reply_p90,
    coalesce(recipients, 0) as recipients,
    coalesce(repliers, 0) as repliers,
    coalesce(opted_out, 0) as opted_out,
    recipient_reply_rate, recipient_reply_rate_low, recipient_reply_rate_high,
    opt_out_rate, opt_out_rate_low, opt_out_rate_high
from (select 1) as always
left join internal.reply(from_date, to_date, false, false) on true
left join internal.recipients(from_date, to_date, false, false) on true
