-- What else goes into the files that are written: what they held and is not replaced, and of days of which
-- only newer rows are written, a row with nothing in it for each conversation that is no more.
-- Grain: one conversation. Inputs: effective (of the days that are written whole), kept (the newer rows
-- of the others), made, replaced, slots.
create or replace view rest as
from (from effective union all by name from kept)
anti join replaced using (number, started_at)
anti join made using (number, started_at)
union all by name
select number, started_at, 0::bigint as messages, 0::bigint as replies, slots.day as started_day
from replaced
anti join made using (number, started_at)
inner join slots
    on slots.day = utc_day(replaced.started_at)
    and slots.hour = utc_hour(replaced.started_at)
    and slots.hours = 'newer'
