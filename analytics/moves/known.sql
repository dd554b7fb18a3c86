-- The moves that the last catalogue had counted. Grain: one move. Inputs: counts.
create or replace temp table known as
select number, since, before_from, after_to from counts
