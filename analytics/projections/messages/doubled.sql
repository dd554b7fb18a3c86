-- The keys that more than one row has, of one share of all keys: a message whose events disagree, or,
-- hardly ever, two messages of one key. Grain: one key. Inputs: stored (every file), the parameters
-- shares and share.
insert into doubled
select state_key
from stored
where state_key % $shares::bigint = $share::bigint
group by state_key
having count(*) > 1
