-- Grain: one date of the report time zone within one partition, which is a date in UTC: from
-- begins_at to ends_at, exclusive. For messages and replies what internal.hours is for the cells.
-- Found by looking at the quarters of an hour, at which all clock changes are, so that a date may be
-- longer or shorter than a day. Inputs: the
-- partitions of messages and replies.
create table internal.days as
with quarters as (
    select utc_date, make_timestamptz(epoch_us(utc_date::timestamp) + quarter * 900000000) as begins_at
    from (select unnest($partitions::date[]) as utc_date)
    cross join range(96) as quarters (quarter)
)
select
    utc_date,
    (begins_at at time zone internal.report_time_zone())::date as date,
    min(begins_at) as begins_at,
    max(begins_at) + to_minutes(15) as ends_at
from quarters
group by all
order by begins_at
