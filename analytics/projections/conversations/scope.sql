-- The moments to take up. Grain: one moment. Inputs: moments (of the days that the spans touch), spans.
create or replace view scope as
from moments
where exists (
    from spans
    where spans.number = moments.number
        and moments.said_at >= spans.from_at
        and moments.said_at <= spans.to_at
)
