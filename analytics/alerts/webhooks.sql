-- Grain: one minute of the last eight days in which a webhook came: when it began. Our own imports and
-- what was decoded again are none. Inputs: both tables of the log; asked only while none comes.
select distinct date_trunc('minute', ingested_at) as minute
from (
    select ingested_at from internal.events_all
    where ingested_date >= internal.day_ago(8 * 86400) and source = 'webhook'
    union all
    select ingested_at from internal.dead_letters_all
    where ingested_date >= internal.day_ago(8 * 86400) and source = 'webhook'
)
where ingested_at > internal.ago(8 * 86400)
order by minute
