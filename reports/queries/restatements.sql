-- One row per day sent: how many messages were known, and delivered as far as we had been told, at the end
-- of that day, of the next, and now. Null where nothing of it had come by then.
select
    date,
    max_by(messages, read_on) filter (read_on <= date) as messages_first,
    max_by(delivered, read_on) filter (read_on <= date) as delivered_first,
    max_by(messages, read_on) filter (read_on <= date + 1) as messages_next,
    max_by(delivered, read_on) filter (read_on <= date + 1) as delivered_next,
    max_by(messages, read_on) as messages_now,
    max_by(delivered, read_on) as delivered_now
from restatements
where date between $from_date and $to_date
group by date
order by date
