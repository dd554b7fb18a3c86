-- The moments to take up: what is new, after the last moment of each conversation that grew, and of odd
-- numbers all in the spans. Grain: one moment. Inputs: touched, odd, grown, moments, spans.
create or replace table scope as
select number, tick, mcc, mnc, campaign
from touched
where number not in (from odd)
    and not exists (
        from grown
        where grown.number = touched.number
            and touched.tick >= grown.first_tick
            and touched.tick <= grown.last_tick
    )
union all by name
select number, last_tick as tick from grown
union all by name
select number, tick, mcc, mnc, campaign
from moments
where exists (
    from spans
    where spans.number = moments.number
        and moments.tick >= spans.from_tick
        and moments.tick <= spans.to_tick
)
