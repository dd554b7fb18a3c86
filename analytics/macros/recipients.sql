-- Grain: one row for each chosen key, how many people (numbers) a message reached, and how many of
-- these replied and opted out, all on the dates given and, if chosen, on one day and in one network; the
-- keys that are not chosen are NULL. Inputs: internal.people, sets of numbers that can be united, since
-- people who are reached on two days are not two; internal.people_counts, which has counted the sets where
-- there is nothing to unite: that takes most of the time.
create macro internal.recipients(from_date, to_date, by_date, by_network) as table
with sets as (
    select
        date, network_id,
        count(*) as how_many,
        any_value(recipients) as recipients,
        any_value(repliers) as repliers,
        any_value(opted_out) as opted_out
    from internal.chosen('internal.people_count_facts', from_date, to_date, by_date, by_network)
    group by date, network_id
),
chunks as (
    select
        date, network_id,
        chunk,
        bit_or(reached::bit) as reached,
        bit_or(replied::bit) as replied,
        bit_or(opted_out::bit) as opted_out
    from internal.chosen('internal.people_facts', from_date, to_date, by_date, by_network) as people
    semi join sets
        on sets.date is not distinct from people.date
        and sets.network_id is not distinct from people.network_id
        and sets.how_many > 1
    group by all
),
counted as (
    select
        date, network_id,
        sum(bit_count(reached))::bigint as recipients,
        coalesce(sum(bit_count(reached & replied)), 0)::bigint as repliers,
        coalesce(sum(bit_count(reached & opted_out)), 0)::bigint as opted_out
    from chunks
    group by date, network_id
    union all
    select date, network_id, recipients, repliers, opted_out
    from sets
    where how_many = 1
)
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
from counted
left join internal.network_names using (network_id)
where recipients > 0
