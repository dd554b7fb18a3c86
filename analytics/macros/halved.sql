-- One step towards the value at a rank: of sorted cells (values vs, their counts ns, and a rank from 0
-- within them) the half that has the rank. Summing halves, 24 steps take no longer than two sums of all.
create macro internal.halved(cells) as
    list_transform([cells], lambda x: case
        when len(x.ns) <= 1 then x
        when x.rank < list_sum(x.ns[1:len(x.ns) // 2])
            then {'vs': x.vs[1:len(x.ns) // 2], 'ns': x.ns[1:len(x.ns) // 2], 'rank': x.rank}
        else {
            'vs': x.vs[len(x.ns) // 2 + 1:],
            'ns': x.ns[len(x.ns) // 2 + 1:],
            'rank': x.rank - list_sum(x.ns[1:len(x.ns) // 2])
        }
    end)[1]
