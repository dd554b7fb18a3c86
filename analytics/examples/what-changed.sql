-- What changed the delivery rate in the last 7 days, in points, and who did it?
select
    network, rate_before, rate, 100 * rate_effect as did_points, 100 * mix_effect as traffic_points
from change_by_network_between(current_date - 7, current_date - 1)
where measure = 'delivery_rate'
order by abs(effect) desc
