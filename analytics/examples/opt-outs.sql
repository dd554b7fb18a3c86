-- Who asked not to be written to again?
select number, max(received_at) as asked_at
from replies
where opt_out
group by number
order by asked_at desc
