-- At which hours are messages answered most, given that hours whose intervals overlap are not told apart?
from reply_by_hour_total_between(null, null)
order by reply_rate desc
