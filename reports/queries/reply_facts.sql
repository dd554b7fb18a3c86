-- One row per day and quarter of an hour in which replies came in, network and attribution. Quarters
-- are counted from the epoch: all clocks of the world agree on where they begin.
select
    date, quarter, mcc, mnc, network, country, attribution,
    replies, unknown_reference, before_delivery, opt_outs, duplicates as copies
from internal.reply_count_facts
where date between $from_date and $to_date
