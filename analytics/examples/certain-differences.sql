-- Which networks differ for sure: the interval of one lies wholly below that of another?
select worse.network as worse, better.network as better, worse.delivery_rate, better.delivery_rate
from network_performance as worse
join network_performance as better on worse.delivery_rate_high < better.delivery_rate_low
order by worse.delivery_rate, better.network
