-- The value at a whole rank (from 0) in sorted cells: values vs and their counts ns.
create macro internal.value_at_rank(vs, ns, rank) as case
    when len(vs) > 16777216 then error('quantile_of_cells takes 16,777,216 cells at most: sum them first')
    else internal.halved_4_times(internal.halved_4_times(internal.halved_4_times(
        internal.halved_4_times(internal.halved_4_times(internal.halved_4_times(
            {'vs': vs, 'ns': ns, 'rank': (rank)::double}
        )))
    ))).vs[1]
end
