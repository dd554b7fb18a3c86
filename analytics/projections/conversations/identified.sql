-- Where the ids of the moments in `scope` can be looked up. Grain: one moment. Inputs: touched, moments.
create or replace view identified as
select number, tick, id, mcc, mnc, campaign from touched where change > 0
union all
select number, tick, id, mcc, mnc, campaign from moments
