-- What makes a webhook the same as another: all that was decoded from it, and its tags. `digest` in
-- the log is made of the same, so there are as many; but this can mostly be told from a message.
create or replace macro content_of(number, mcc, mnc, tags, sent_at, status, delivered_at) as
    case when status is not null
        then (hash(number, mcc, mnc, tags, sent_at, status, delivered_at) >> 1)::bigint
    end
