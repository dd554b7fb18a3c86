-- Grain: one distinct reply, with the names that hold on its date. Inputs: the replies projection.
create view internal.reply_facts as
with dated as (
    select replies.*, days.date as received_date
    from internal.replies as replies
    inner join internal.days as days
        on days.utc_date = replies.received_day
        and replies.received_at >= days.begins_at and replies.received_at < days.ends_at
)
select
    dated.* exclude (mcc, mnc),
    coalesce(code.mcc, dated.mcc) as mcc,
    coalesce(code.mnc, dated.mnc) as mnc,
    coalesce(code.network, dated.mcc || '-' || dated.mnc) as network,
    code.country,
    dated.mcc as raw_mcc,
    dated.mnc as raw_mnc,
    is_opt_out(dated.body) as opt_out
from dated
left join internal.network_codes as code
    on code.raw_mcc = dated.mcc and code.raw_mnc = dated.mnc
    and dated.received_date between code.valid_from and code.valid_to
