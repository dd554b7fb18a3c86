-- Grain: a network as spelt on the wire, and 4,096 neighbouring numbers: which of them a message sent on
-- the day reached, which replied on it and which opted out, a bit each. Inputs: the day's messages and
-- replies. Why bits: sets of them can be united over any days and networks, and then counted, exactly. They
-- are read again and again, and hardly get smaller: the quickest compression.
copy (
    with seen as (
        select mcc, mnc, internal.number_id(number) as id, 'reached' as how
        from day_messages
        where final_status = 'delivered'
            and sent_at >= make_timestamptz($begins_us) and sent_at < make_timestamptz($ends_us)
        union all
        select
            mcc, mnc, internal.number_id(number),
            case when is_opt_out(body) then 'opted out' else 'replied' end
        from day_replies
        where received_at >= make_timestamptz($begins_us) and received_at < make_timestamptz($ends_us)
    )
    select
        mcc, mnc, id >> 12 as chunk,
        (bitstring_agg((id & 4095)::int, 0, 4095) filter (how = 'reached'))::blob as reached,
        (bitstring_agg((id & 4095)::int, 0, 4095) filter (how <> 'reached'))::blob as replied,
        (bitstring_agg((id & 4095)::int, 0, 4095) filter (how = 'opted out'))::blob as opted_out
    from seen
    group by all
    order by all
) to $target (format parquet, compression lz4_raw)
