-- Grain: one change of network of one number, with the names that held on that day, and the stretch of
-- time in which messages count as before and as after it: 30 days each, no further than the change
-- before and the change after. Two spellings of one code are no change: what begins with one goes on
-- with the other. Kept in the catalogue, since every other question would read all stays.
-- Inputs: the network_stays projection.
create table internal.change_facts as
with several as (
    select distinct number from internal.network_stays where from_mcc is not null
),
dated as (
    select stays.*, (since at time zone internal.report_time_zone())::date as date
    from internal.network_stays as stays
    semi join several using (number)
),
named as (
    select
        dated.number,
        dated.date,
        dated.since,
        coalesce(old.mcc, dated.from_mcc) as from_mcc,
        coalesce(old.mnc, dated.from_mnc) as from_mnc,
        coalesce(old.network, dated.from_mcc || '-' || dated.from_mnc) as from_network,
        coalesce(new.mcc, dated.mcc) as to_mcc,
        coalesce(new.mnc, dated.mnc) as to_mnc,
        coalesce(new.network, dated.mcc || '-' || dated.mnc) as to_network
    from dated
    left join internal.network_codes as old
        on old.raw_mcc = dated.from_mcc and old.raw_mnc = dated.from_mnc
        and dated.date between old.valid_from and old.valid_to
    left join internal.network_codes as new
        on new.raw_mcc = dated.mcc and new.raw_mnc = dated.mnc
        and dated.date between new.valid_from and new.valid_to
),
stays as (
    select *, lag(since) over (partition by number order by since) as from_since
    from named
    where from_mcc is null or from_mcc <> to_mcc or from_mnc <> to_mnc
)
select
    *,
    greatest(from_since, since - interval 720 hours) as before_from,
    least(lead(since) over (partition by number order by since), since + interval 720 hours) as after_to
from stays
where from_since is not null
order by date, number
