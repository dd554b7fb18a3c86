-- The files that hold them. Grain: one file. Inputs: replaced.
select distinct filename from replaced
