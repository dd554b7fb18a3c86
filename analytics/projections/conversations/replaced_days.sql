-- On which days conversations began in whose place others come. Grain: one day. Inputs: replaced.
select utc_day(started_at)::varchar, count(*) from replaced group by all
