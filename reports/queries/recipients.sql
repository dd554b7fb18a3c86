-- How many people (numbers) a message of the period reached, and how many of these replied and opted out:
-- one row of all, or one a network (all networks take no longer than one).
select mcc, mnc, recipients, repliers, opted_out
from internal.recipients($from_date, $to_date, false, $by_network)
order by mcc, mnc
