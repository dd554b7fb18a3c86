-- One row per day sent on which one network carried a message.
select date, sum(messages)::bigint as messages, sum(delivered)::bigint as delivered
from delivery_daily
where mcc = $mcc and mnc = $mnc and date between $from_date and $to_date
group by date
order by date
