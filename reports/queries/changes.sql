-- One row per network and measure (null: all): what it did to the change from the days before, of all
-- messages sent and settled; its own rate, and its share of the traffic. Largest effect first.
from change_by_network_between($from_date, $to_date, $before_from, $before_to)
where $measure is null or measure = $measure
order by measure, abs(effect) desc, mcc, mnc
