-- The moments to take up: of those who moved, since they did. Grain: one moment. Inputs: moments, moved.
create or replace view scope as
select moments.*
from moments
inner join moved on moments.number = moved.number and moments.said_at >= moved.from_at
