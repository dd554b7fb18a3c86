-- The stored conversations in whose place new ones come. Grain: one conversation. Inputs: grown, again.
create or replace table replaced as
select number, started_at from grown
union all
select number, started_at from again
