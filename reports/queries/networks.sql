-- One row per network that carried a message in the period, busiest first. `settled_*` count only
-- the days on which nothing is pending any more, and `*_before` the compared period, so that a
-- change is never read off receipts that are still coming.
select
    present.*,
    coalesce(settled.messages, 0) as settled_messages,
    coalesce(settled.delivered, 0) as settled_delivered,
    coalesce(before.messages, 0) as messages_before,
    coalesce(before.delivered, 0) as delivered_before
from network_performance_between($from_date, $to_date) as present
left join network_performance_between($from_date, $settled_to) as settled
    on settled.mcc = present.mcc and settled.mnc = present.mnc
    and settled.network is not distinct from present.network
left join network_performance_between($before_from, $before_to) as before
    on before.mcc = present.mcc and before.mnc = present.mnc
    and before.network is not distinct from present.network
order by present.messages desc, present.mcc, present.mnc, present.network
