-- One row per day on which conversations began, network, who began, whether the other side answered,
-- and how often the word was taken (ten stands for more); of one network or (null) of all.
select
    date, mcc, mnc, network, country, started_by, answered,
    least(turns, 10) as turns,
    sum(conversations)::bigint as conversations,
    sum(messages)::bigint as messages,
    sum(replies)::bigint as replies
from conversation_cells
where date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by all
order by all
