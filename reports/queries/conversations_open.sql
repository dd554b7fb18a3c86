-- One row per network that has conversations which began on these days and may still go on.
select mcc, mnc, count(*) as conversations
from conversations
where is_open and started_date between $from_date and $to_date
group by mcc, mnc
order by mcc, mnc
