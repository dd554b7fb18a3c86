-- How did delivery go, day by day?
select date, delivery_rate
from delivery_total_daily
order by date
