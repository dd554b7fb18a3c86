-- Grain: a key of the cells, with its date and hour of the day, the codes as spelt on the wire. Counts are additive; several
-- rows may have one key. `aged_N` counts the messages sent at least N ago as of publishing,
-- `eligible` the delivered ones older than the reply window, `replied` those of them that got a
-- reply within it.
-- Inputs: internal.dated_sendings, internal.dated_first_replies.
create view internal.dated_cells as
from internal.dated_sendings
union all
select
    sent_day, sent_hour, mcc, mnc, campaign, 'delivered', null,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    messages,
    date, hour_sent
from internal.dated_first_replies
