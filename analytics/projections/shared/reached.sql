-- How far the new events reach: what the checkpoints become. Grain: one node. Inputs: new_events.
select node, max(seq) as seq
from new_events
group by node
order by node
