-- Grain: one row, what this catalogue was published from and with.
-- Inputs: the log tables and the definitions. The newest event is looked for in the newest
-- partition only, since the partitions are days of ingestion.
create table internal.catalogue as
select
    internal.ago(0) as as_of,
    now() as published_at,
    internal.report_time_zone() as time_zone,
    internal.horizon_seconds() // 3600 as horizon_hours,
    internal.reply_window_seconds() // 3600 as reply_window_hours,
    (
        select max(ingested_at) from internal.events_all
        where ingested_date = (select max(ingested_date) from internal.events_all)
    ) as last_event_at,
    (select count(*) from internal.events_all) as events,
    (select count(*) from internal.dead_letters_all) as dead_letters,
    (select count(*) from internal.replies) as replies
