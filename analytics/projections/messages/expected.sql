-- The contents of the webhooks of a message that is like most: one for each status, none but the
-- final one with a delivered_at, at most two that are not final.
create or replace macro expected_of(
    number, mcc, mnc, tags, sent_at, open_low, open_high, final_status, delivered_at
) as
    list_sort(list_filter([
        content_of(number, mcc, mnc, tags, sent_at, open_low, null::timestamptz),
        case when open_high <> open_low
            then content_of(number, mcc, mnc, tags, sent_at, open_high, null::timestamptz) end,
        content_of(number, mcc, mnc, tags, sent_at, final_status, delivered_at)
    ], lambda content: content is not null))
