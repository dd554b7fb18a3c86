-- Grain: one row per date of sent_at and day on which receipts came for it. Inputs: the book of days.
create view restatements as
with read as (
    select
        date,
        read_on,
        (sum(messages) over until_then)::bigint as messages,
        (sum(delivered) over until_then)::bigint as delivered,
        (sum(finals) over until_then)::bigint as finals,
        read_on = max(read_on) over (partition by date) as latest
    from internal.restated
    window until_then as (partition by date order by read_on)
)
select
    date,
    read_on,
    (read_on - date)::integer as days_later,
    messages,
    delivered,
    finals,
    delivered / messages as delivery_rate,
    wilson_low(delivered, messages) as delivery_rate_low,
    wilson_high(delivered, messages) as delivery_rate_high,
    latest
from read
