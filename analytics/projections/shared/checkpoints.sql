-- How far each node's events had been folded.
-- Grain: one node. Inputs: the parameters nodes and seqs, two lists of equal length.
create or replace table checkpoints as
select unnest($nodes::varchar[]) as node, unnest($seqs::bigint[]) as seq
