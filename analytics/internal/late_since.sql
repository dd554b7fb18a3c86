-- The earliest day on which a message was sent that is old enough to be counted by its hour, but was
-- delivered too recently: told from the cells, so that only its files on are looked into.
-- Inputs: the delivery cells. NULL when there is none.
select min(sent_day)
from internal.delivery_cells
where latency_seconds is not null
    and internal.hour_is_past(sent_hour, internal.reply_window_seconds())
    and sent_hour + to_seconds(3600 + 1 + latency_seconds)
        >= internal.ago(internal.reply_window_seconds())
