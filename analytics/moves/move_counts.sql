-- Grain: one move of a number around which there are messages: how many, and how many of them arrived.
-- Inputs: counts.
create table internal.move_counts as
select
    number, since, before_from, after_to,
    sum(messages_before)::bigint as messages_before,
    sum(delivered_before)::bigint as delivered_before,
    sum(open_before)::bigint as open_before,
    sum(messages_after)::bigint as messages_after,
    sum(delivered_after)::bigint as delivered_after,
    sum(open_after)::bigint as open_after
from counts
group by all
