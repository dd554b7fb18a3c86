-- The stays of the numbers of which something was touched. A search through all stays, of which a number
-- has as many as it has had networks. Grain: one stay. Inputs: stored (every file), touched.
create or replace table near as
from stored semi join touched using (number)
