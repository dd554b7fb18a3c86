-- In which file the rows of an hour go: `hours` is the range of hours of a file's rows.
-- Grain: one hour of a day. Inputs: the parameters days, hours and ranges, lists of equal length.
create or replace table slots as
select unnest($days::date[]) as day, unnest($hours::bigint[]) as hour, unnest($ranges::varchar[]) as hours
