-- One row per day on which conversations began, network, who began, whether the other side answered,
-- and how often the word was taken (ten stands for more); of one network or (null) of all.
select
    started_date as date, mcc, mnc, network, country, started_by,
    case when started_by = 'message' then replies > 0 else messages > 0 end as answered,
    least(turns, 10) as turns,
    count(*) as conversations,
    count(*) filter (is_open) as open,
    sum(messages)::bigint as messages,
    sum(replies)::bigint as replies
from conversations
where started_date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by all
order by all
