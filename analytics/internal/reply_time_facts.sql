-- Grain: a row of internal.reply_times, with the names that hold on its date, as internal.spread reads it.
create view internal.reply_time_facts as
select date, mcc, mnc, network, country, network_id, time_to_reply_seconds as value, replies as how_many
from internal.named('internal.reply_times')
