-- Grain: a row of internal.dated_answer_times, with the names that hold on its date.
create view internal.answer_time_facts as
select * exclude (network_is_known)
from internal.named('internal.dated_answer_times')
