-- Grain: one minute of the last eight days in which a webhook came: when it began. Our own imports and
-- what was decoded again are none. Inputs: both tables of the log; asked only while none comes.
select distinct make_timestamptz(minute * 60000000) as minute
from (
    select distinct epoch_us(ingested_at) // 60000000 as minute from internal.events_all
    where ingested_date >= internal.day_ago(8 * 86400) and ingested_at > internal.ago(8 * 86400)
        and source = 'webhook'
    union all
    select distinct epoch_us(ingested_at) // 60000000 as minute from internal.dead_letters_all
    where ingested_date >= internal.day_ago(8 * 86400) and ingested_at > internal.ago(8 * 86400)
        and source = 'webhook'
)
order by minute
