-- Grain: one row for each chosen key, how many people (numbers) a message reached, and how many of
-- these replied and opted out, all on the dates given and, if chosen, on one day and in one network; the
-- keys that are not chosen are NULL. Inputs: the messages and the replies themselves, since cells cannot
-- tell how many numbers are distinct.
create macro internal.recipients(from_date, to_date, by_date, by_network) as table
with reached as (
    select distinct
        case when by_date then sent_date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        case when by_network then network end as network,
        case when by_network then country end as country,
        number
    from internal.message_facts
    where final_status = 'delivered'
        and (from_date is null or sent_date >= (from_date)::date)
        and (to_date is null or sent_date <= (to_date)::date)
),
answering as (
    select
        case when by_date then received_date end as date,
        case when by_network then mcc end as mcc,
        case when by_network then mnc end as mnc,
        number,
        bool_or(opt_out) as opted_out
    from internal.reply_facts
    where (from_date is null or received_date >= (from_date)::date)
        and (to_date is null or received_date <= (to_date)::date)
    group by all
)
select
    reached.date, reached.mcc, reached.mnc, reached.network, reached.country,
    count(*) as recipients,
    count(answering.number) as repliers,
    count(*) filter (answering.opted_out) as opted_out
from reached
left join answering
    on answering.number = reached.number
    and answering.date is not distinct from reached.date
    and answering.mcc is not distinct from reached.mcc
    and answering.mnc is not distinct from reached.mnc
group by all
