-- Grain: one row, the replies received and the messages sent on these dates (inclusive, report time
-- zone), also when there was none. People are counted by number, from the messages themselves:
-- cells cannot tell how many recipients are distinct.
create macro reply_between(from_date, to_date) as table
with people as (
    select
        (
            select count(distinct number) from internal.message_facts
            where final_status = 'delivered'
                and (from_date is null or sent_date >= (from_date)::date)
                and (to_date is null or sent_date <= (to_date)::date)
        ) as recipients,
        count(distinct number) as repliers,
        count(distinct number) filter (opt_out) as opted_out
    from internal.reply_facts
    where (from_date is null or received_date >= (from_date)::date)
        and (to_date is null or received_date <= (to_date)::date)
)
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
    people.recipients,
    people.repliers,
    people.opted_out,
    case when internal.replies_were_seen()
        then people.repliers / nullif(people.recipients, 0) end as recipient_reply_rate,
    case when internal.replies_were_seen()
        then people.opted_out / nullif(people.recipients, 0) end as opt_out_rate
from people
left join internal.reply(from_date, to_date, false, false) on true
