-- How sure is a rate of my own: messages delivered within a minute, by campaign?
select
    campaign,
    count(*) as sent,
    count(*) filter (latency_seconds between 0 and 60) as quick,
    quick / sent as rate,
    wilson_low(quick, sent) as rate_low,
    wilson_high(quick, sent) as rate_high
from messages
where state <> 'pending'
group by campaign
order by sent desc
