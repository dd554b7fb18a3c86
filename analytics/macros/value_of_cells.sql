-- An aggregate: the value at a whole rank (from 0, itself an aggregate) of values of which each counts n
-- times; NULL values count for nothing.
create macro internal.value_of_cells(value, n, rank) as
    internal.value_at_rank(
        list((value)::double order by (value)) filter ((value) is not null and (n) > 0),
        list((n)::bigint order by (value)) filter ((value) is not null and (n) > 0),
        rank
    )
