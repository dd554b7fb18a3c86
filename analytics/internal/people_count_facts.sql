-- Grain: a row of internal.people_counts, with the names that hold on its date.
create view internal.people_count_facts as
select * exclude (network_is_known)
from internal.named('internal.people_counts')
