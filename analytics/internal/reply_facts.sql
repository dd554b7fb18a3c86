-- Grain: one distinct reply, with the names that hold on its date. Inputs: internal.dated_replies.
create view internal.reply_facts as
select * exclude (date, network_is_known), date as received_date, is_opt_out(body) as opt_out
from internal.named('internal.dated_replies')
