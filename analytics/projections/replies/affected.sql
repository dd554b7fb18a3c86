-- The stored replies to attribute again: of which another copy came, that may name a changed message,
-- or may follow one. Grain: one reply. Inputs: before (the files to write again), received,
-- changed_messages, the parameter window_us.
create or replace table affected as
select *
from before
where
    reply_id in (select reply_id_of(number, received_at, body, replied_to) from received)
    or state_replied_key in (select state_key from changed_messages)
    or exists (
        from changed_messages
        where changed_messages.number = before.number
            and before.received_at >= changed_messages.sent_at
            and before.received_at <= changed_messages.sent_at + to_microseconds($window_us)
    )
