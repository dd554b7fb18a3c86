-- One row per network that replies came from in the period.
select mcc, mnc, network, count(*) as replies,
    quantile_cont(time_to_reply_seconds, 0.5) as time_to_reply_p50,
    quantile_cont(time_to_reply_seconds, 0.9) as time_to_reply_p90
from replies
where received_date between $from_date and $to_date
group by mcc, mnc, network
order by replies desc, mcc, mnc
