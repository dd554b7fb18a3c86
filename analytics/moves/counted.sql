-- Count the messages of some files around some moves: $sign is 1 for files that came, -1 for those
-- that went. Inputs: counted_moves, counted_messages.
insert into counts
select
    move.number, move.since, move.before_from, move.after_to,
    $sign * count(*) filter (message.sent_at < move.since),
    $sign * count(*) filter (message.sent_at < move.since and final_status = 'delivered'),
    $sign * count(*) filter (message.sent_at < move.since and final_status is null),
    $sign * count(*) filter (message.sent_at >= move.since),
    $sign * count(*) filter (message.sent_at >= move.since and final_status = 'delivered'),
    $sign * count(*) filter (message.sent_at >= move.since and final_status is null)
from counted_messages as message
inner join counted_moves as move
    on move.number = message.number
    and message.sent_at >= move.before_from and message.sent_at < move.after_to
group by all
