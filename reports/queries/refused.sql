-- One row per day on which webhooks could not be decoded.
select (ingested_at at time zone $time_zone)::date as date, count(*) as dead_letters
from internal.dead_letters_all
where (ingested_at at time zone $time_zone)::date between $from_date and $to_date
group by date
order by date
