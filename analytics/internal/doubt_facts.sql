-- Grain: one reply that contradicts what was told of its message, with the day, the network and the fate
-- of that message, and why: proof of delivery of a message that was not delivered as far as we were told,
-- or that arrived later. Inputs: internal.doubtful_answers, as_of.
create view internal.doubt_facts as
select
    * exclude (network_is_known),
    case
        when status in ('undelivered', 'expired', 'error') then status
        when status is null and sent_at <= internal.ago(internal.horizon_seconds()) then 'unknown'
        when before_delivery then 'before_delivery'
    end as doubt
from internal.named('internal.doubtful_answers')
where doubt is not null
