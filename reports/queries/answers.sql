-- One row per weekday (1 = Monday) and hour of the report time zone in which replies came in, of
-- one network or (null) of all.
select
    isodow(timezone($time_zone, received_at)) as weekday,
    hour(timezone($time_zone, received_at)) as hour_of_day,
    count(*) as count
from replies
where timezone($time_zone, received_at)::date between $from_date and $to_date
    and ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
group by weekday, hour_of_day
order by weekday, hour_of_day
