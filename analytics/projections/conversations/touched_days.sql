-- The days of the touched moments. Grain: one day. Inputs: touched.
select distinct said_at::date::varchar from touched
