-- The name, on the day of as_of, of the network that codes mean, spelt as in the view networks or as in
-- any webhook that came, in whatever width; mcc-mnc where it is not known.
create macro network_name(mcc, mnc) as coalesce(
    (
        select any_value(known.name)
        from internal.names_today as known
        where known.wire_mcc = (mcc) and known.wire_mnc = (mnc)
    ),
    (mcc) || '-' || (mnc)
)
