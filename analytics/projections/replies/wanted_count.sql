-- How many messages are wanted. Inputs: wanted.
select count(*) from wanted
