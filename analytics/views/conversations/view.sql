-- Grain: one row per conversation. Inputs: the conversations projection, networks, as_of.
create view conversations as
with dated as (
    select conversations.*, days.date as started_date
    from internal.conversations as conversations
    inner join internal.days as days
        on days.utc_date = conversations.started_day
        and conversations.started_at >= days.begins_at and conversations.started_at < days.ends_at
)
select
    conversation_id, number,
    coalesce(code.mcc, dated.mcc) as mcc,
    coalesce(code.mnc, dated.mnc) as mnc,
    coalesce(code.network, dated.mcc || '-' || dated.mnc) as network,
    code.country,
    campaign, started_at, started_date, ended_at, started_by,
    messages, replies, turns, duration_seconds, first_reply_seconds,
    open_until >= internal.ago(0) as is_open,
    open_until, continues
from dated
left join internal.network_codes as code
    on code.raw_mcc = dated.mcc and code.raw_mnc = dated.mnc
    and dated.started_date between code.valid_from and code.valid_to
