-- How did each day's delivery rate read at its end, and how does it read now?
select date, max(delivery_rate) filter (days_later = 0) as that_evening, max(delivery_rate) filter (latest) as now
from restatements
group by date
order by date desc
