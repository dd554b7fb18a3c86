-- One row: the first and the last day on which anything was sent.
select min(date) as first_date, max(date) as last_date from internal.hours
