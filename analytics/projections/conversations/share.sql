-- The moments of one share of all numbers: as many as fit into memory. Grain: one moment.
-- Inputs: moments, the parameters shares and share.
create or replace table scope as
select number, tick, mcc, mnc, campaign
from moments
where hash(number) % $shares::ubigint = $share::ubigint
