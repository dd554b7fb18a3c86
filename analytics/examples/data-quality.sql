-- Is something wrong with the data itself?
select "check", sum("count") as found, max(date) filter ("count" > 0) as last_seen
from data_quality
group by "check"
order by found desc
