-- Grain: a network as spelt on the wire: how many numbers a message sent on the day reached, and how many of
-- these replied and opted out on it. Inputs: the day's people.
insert into internal.people_counts
select
    $date::date,
    mcc,
    mnc,
    coalesce(sum(bit_count(reached::bit)), 0)::bigint,
    coalesce(sum(bit_count(reached::bit & replied::bit)), 0)::bigint,
    coalesce(sum(bit_count(reached::bit & opted_out::bit)), 0)::bigint
from day_people
group by all
