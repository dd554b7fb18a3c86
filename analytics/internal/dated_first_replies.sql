-- Grain: a cell of first replies, of hours all of whose messages are older than the reply window, with its date
-- and hour of the day: a younger message may still be answered late, and would flatter the rest.
-- Inputs: the reply cells, internal.hours.
create view internal.dated_first_replies as
select cells.*, hours.date, hours.hour_sent
from internal.reply_cells as cells
inner join internal.hours as hours
    on hours.sent_day = cells.sent_day and hours.sent_hour = cells.sent_hour
where internal.hour_is_past(cells.sent_hour, internal.reply_window_seconds())
