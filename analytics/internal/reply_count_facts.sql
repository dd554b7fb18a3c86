-- Grain: a row of internal.reply_counts, with the names that hold on its date.
create view internal.reply_count_facts as
select * exclude (network_is_known)
from internal.named('internal.reply_counts')
