-- Grain: a row of internal.answer_counts, with the names that held on the day of the message.
create view internal.answer_count_facts as
select * exclude (network_is_known)
from internal.named('internal.answer_counts')
