-- The partition (UTC day) of the instant so many seconds before as_of: folders' names skip whole files,
-- whereas statistics are in the foot of each.
create macro internal.day_ago(seconds) as (internal.ago(seconds) at time zone 'UTC')::date
