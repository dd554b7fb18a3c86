-- Grain: one reply that answers a message, with the day, the network and the fate of that message, and
-- why the reply contradicts it, if it does: proof of delivery of a message that was not delivered as
-- far as we were told, or that arrived later. Inputs: the replies projection.
create view internal.answer_facts as
with dated as (
    select
        *,
        (message_sent_at at time zone internal.report_time_zone())::date as sent_date
    from internal.replies
    where message_id is not null
)
select
    dated.*,
    coalesce(code.mcc, dated.message_mcc) as sent_mcc,
    coalesce(code.mnc, dated.message_mnc) as sent_mnc,
    coalesce(code.network, dated.message_mcc || '-' || dated.message_mnc) as sent_network,
    code.country as sent_country,
    case
        when message_status in ('undelivered', 'expired', 'error') then message_status
        when message_status is null and message_sent_at <= internal.ago(internal.horizon_seconds())
            then 'unknown'
        when before_delivery then 'before_delivery'
    end as doubt
from dated
left join internal.network_codes as code
    on code.raw_mcc = dated.message_mcc and code.raw_mnc = dated.message_mnc
    and dated.sent_date between code.valid_from and code.valid_to
