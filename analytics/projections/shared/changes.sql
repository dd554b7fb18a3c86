-- Where what changes in the cells is gathered. Inputs: cells, for its columns.
create or replace table changes as
from cells limit 0
