-- The hours in which conversations have several moments at their first instant, since 1970, in UTC.
-- Grain: one hour. Inputs: pieces.
select distinct hour_number(make_timestamptz(tick >> 1)) from pieces where is_tied
