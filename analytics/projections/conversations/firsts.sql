-- The first moments of conversations that have several at their first instant: the one with the least id.
-- Grain: one conversation. Inputs: pieces, identified.
create or replace table firsts as
select
    number,
    tick,
    arg_min_null(mcc, id) as mcc,
    arg_min_null(mnc, id) as mnc,
    arg_min_null(campaign, id) as campaign
from identified
semi join (from pieces where is_tied) as tied using (number, tick)
group by number, tick
