-- Where the moments to take up lie, of the odd numbers: in the conversations to be made again, and where
-- something was touched. Grain: one stretch of a number's time. Inputs: again, touched, odd.
create or replace table spans as
select number, 2 * epoch_us(started_at) as from_tick, 2 * epoch_us(ended_at) + 1 as to_tick from again
union
select number, tick, tick from touched where number in (from odd)
