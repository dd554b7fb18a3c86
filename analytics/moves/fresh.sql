-- The moves that nobody has counted. Grain: one move. Inputs: internal.change_facts, known.
create or replace temp table fresh as
select number, since, before_from, after_to
from internal.change_facts
anti join known using (number, since, before_from, after_to)
