-- The identity of a reply, 32 hex digits: made of the JSON of its key, which no two keys share.
create or replace macro reply_id_of(number, received_at, body, replied_to) as
    md5(to_json([number, epoch_us(received_at)::varchar, body, replied_to])::varchar)
