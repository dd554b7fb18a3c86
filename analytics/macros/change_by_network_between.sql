-- Grain: one row per measure and network: what part of the change of delivery_rate, within_30s and reply_rate
-- from the days before_from to before_to (NULL: as many days just before) to these dates (inclusive, report
-- time zone) is its doing. rate_effect: it did better or worse; mix_effect: it had more or fewer of the
-- messages; both summed over all networks are `change`, exactly. Settled days only: those before the first
-- that still has pending messages. messages and successes are what each measure divides.
create macro change_by_network_between(from_date, to_date, before_from := null, before_to := null) as table
select * exclude (hour_of_day)
from internal.change('internal.daily_facts', from_date, to_date, before_from, before_to, true, false)
