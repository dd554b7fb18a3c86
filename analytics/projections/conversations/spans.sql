-- Where the moments to take up lie: in the conversations to be made again, and where something was
-- touched. Grain: one stretch of a number's time. Inputs: replaced, touched.
create or replace table spans as
select number, started_at as from_at, ended_at as to_at from replaced
union
select number, said_at, said_at from touched
