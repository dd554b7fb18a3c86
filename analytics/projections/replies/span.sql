-- The first and the last day of the replies to attribute; null without any.
select min(received_at)::date, max(received_at)::date from folded_replies
