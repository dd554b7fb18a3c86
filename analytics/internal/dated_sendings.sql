-- Grain: that of internal.dated_cells, without the replies of whole hours, of which there are far more rows.
-- Inputs: the delivery cells, by whole hours, internal.boundary, which makes them exact, and internal.hours.
create view internal.dated_sendings as
with counts as (
    select
        sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds,
        messages, clock_anomalies, conflicting_finals, out_of_order, duplicates,
        case when internal.hour_is_past(sent_hour, 5) then messages else 0 end as aged_5s,
        case when internal.hour_is_past(sent_hour, 10) then messages else 0 end as aged_10s,
        case when internal.hour_is_past(sent_hour, 30) then messages else 0 end as aged_30s,
        case when internal.hour_is_past(sent_hour, 60) then messages else 0 end as aged_60s,
        case when internal.hour_is_past(sent_hour, 300) then messages else 0 end as aged_300s,
        case when internal.hour_is_past(sent_hour, internal.horizon_seconds())
            then messages else 0 end as aged_horizon,
        case when status = 'delivered'
            and internal.hour_is_past(sent_hour, internal.reply_window_seconds())
            then messages else 0 end as eligible,
        0 as replied
    from internal.delivery_cells
    union all
    select
        sent_day, sent_hour, mcc, mnc, campaign, status, latency_seconds,
        0, 0, 0, 0, 0,
        aged_5s, aged_10s, aged_30s, aged_60s, aged_300s, aged_horizon, eligible, replied
    from internal.boundary
)

select counts.*, hours.date, hours.hour_sent
from counts
inner join internal.hours as hours
    on hours.sent_day = counts.sent_day and hours.sent_hour = counts.sent_hour
