-- One row per weekday (1 = Monday) and hour of the report time zone in which messages were sent, of one network or (null) of all.
select
    isodow(timezone($time_zone, hour)) as weekday,
    hour(timezone($time_zone, hour)) as hour_of_day,
    sum(messages)::bigint as count
from delivery_hourly
where timezone($time_zone, hour)::date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by weekday, hour_of_day
order by weekday, hour_of_day
