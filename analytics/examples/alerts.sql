-- What was found to be wrong of late?
select kind, coalesce(network, job) as what, began_at, fired_at, resolved_at, delivered_rate, usual_rate
from alerts
order by fired_at desc
