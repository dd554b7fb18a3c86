-- One row per day, network and second of time to the first reply: conversations that had one; of
-- one network or (null) of all.
select
    started_date as date, mcc, mnc, first_reply_seconds as seconds, count(*) as conversations
from conversations
where started_date between $from_date and $to_date and first_reply_seconds is not null
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by all
order by all
