-- Where doubled keys are gathered.
create or replace table doubled (state_key bigint)
