-- How many new events there are of one kind. Inputs: new_events, the parameter type.
select count(*) from new_events where type = $type
