-- One row per check of data quality, added up over the days of the period.
select "check", sum(count)::bigint as count
from data_quality
where date between $from_date and $to_date
    and "check" not in ('receipt_lag_p95', 'last_event_at')
group by "check"
order by "check"
