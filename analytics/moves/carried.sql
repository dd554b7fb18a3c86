-- What the last catalogue, attached as `before`, has counted of the moves that are as they were.
-- Inputs: internal.change_facts.
insert into counts
select
    number, since, before_from, after_to,
    messages_before, delivered_before, open_before, messages_after, delivered_after, open_after
from before.internal.move_counts
semi join internal.change_facts using (number, since, before_from, after_to)
