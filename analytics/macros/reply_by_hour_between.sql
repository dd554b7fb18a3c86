-- Grain: one row per network and hour of the day (0 to 23, report time zone) at which messages were sent on
-- these dates (inclusive): how many of the delivered ones that are older than the reply window were answered,
-- and how soon; answers are first replies whose time is known, of hours wholly older than the window.
create macro reply_by_hour_between(from_date, to_date) as table
from internal.reply_by_hour(from_date, to_date, true)
