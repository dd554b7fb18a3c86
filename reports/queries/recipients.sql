-- One row: how many people (numbers) a message of the period reached, and how many of these replied
-- and opted out; of one network or (null) of all.
select
    coalesce(sum(recipients), 0)::bigint as recipients,
    coalesce(sum(repliers), 0)::bigint as repliers,
    coalesce(sum(opted_out), 0)::bigint as opted_out
from internal.recipients($from_date, $to_date, false, $mcc is not null)
where ($mcc is null or mcc = $mcc) and ($mnc is null or mnc = $mnc)
