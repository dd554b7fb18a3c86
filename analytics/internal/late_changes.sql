-- Grain: one delivered message whose age against the reply window cannot be told from the hour in
-- which it was sent. `change` is what must be added to the count of messages that are old enough:
-- the cells count a message when its whole sending hour is older than the window, whereas what
-- decides is the age of delivered_at, or of sent_at where that is unknown.
-- Each branch compares plain columns with constants, so that Parquet statistics skip most files.
create temp table late_changes as
with boundary as (
    -- not counted by its hour, yet old enough: by delivered_at (the end of the boundary hour, or
    -- delivered before it was sent), or by sent_at
    select message_id, sent_day, sent_at, mcc, mnc, campaign, delivered_at, 1 as change
    from internal.messages
    where final_status = 'delivered'
        and sent_day >= internal.day_ago(internal.reply_window_seconds() + 3600)
        and sent_at > internal.ago(internal.reply_window_seconds() + 3600)
        and delivered_at < internal.ago(internal.reply_window_seconds())
        and not internal.hour_is_past(internal.hour_of(sent_at), internal.reply_window_seconds())
    union all
    select message_id, sent_day, sent_at, mcc, mnc, campaign, delivered_at, 1 as change
    from internal.messages
    where final_status = 'delivered'
        and sent_day >= internal.day_ago(internal.reply_window_seconds() + 3600)
        and sent_at > internal.ago(internal.reply_window_seconds() + 3600)
        and sent_at < internal.ago(internal.reply_window_seconds())
        and delivered_at is null
        and not internal.hour_is_past(internal.hour_of(sent_at), internal.reply_window_seconds())
    union all
    -- counted by its hour, yet delivered too recently
    select message_id, sent_day, sent_at, mcc, mnc, campaign, delivered_at, -1 as change
    from internal.messages
    where final_status = 'delivered'
        and sent_day >= internal.late_since()
        and sent_at <= internal.ago(internal.reply_window_seconds())
        and delivered_at >= internal.ago(internal.reply_window_seconds())
        and internal.hour_is_past(internal.hour_of(sent_at), internal.reply_window_seconds())
)
select
    *,
    exists (
        select 1 from internal.replies as reply
        where reply.message_id = boundary.message_id
            and reply.received_at >= boundary.sent_at
            and epoch_us(reply.received_at)
                - epoch_us(coalesce(boundary.delivered_at, boundary.sent_at))
                <= internal.reply_window_seconds() * 1000000::bigint
    ) as has_reply
from boundary
