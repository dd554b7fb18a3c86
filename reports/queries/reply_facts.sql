-- One row per day and quarter of an hour in which replies came in, network and attribution. Quarters
-- are counted from the epoch: all clocks of the world agree on where they begin.
select
    received_date as date,
    epoch_us(received_at) // 900000000 as quarter,
    mcc, mnc, network, country, attribution,
    count(*) as replies,
    count(*) filter (unknown_reference) as unknown_reference,
    count(*) filter (before_delivery) as before_delivery,
    sum(copies - 1)::bigint as copies
from internal.reply_facts
where received_date between $from_date and $to_date
group by all
