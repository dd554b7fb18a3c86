-- An aggregate: the exact quantile (as quantile_cont, 0 <= fraction <= 1) of values of which each counts
-- n times, as latency_seconds and messages in latency_cells. NULL values count for nothing; NULL when
-- there are none.
create macro quantile_of_cells(value, n, fraction) as
    internal.interpolated(
        internal.value_of_cells(
            value, n, floor(internal.rank_at(fraction, sum(n) filter ((value) is not null and (n) > 0)))
        ),
        internal.value_of_cells(
            value, n, ceil(internal.rank_at(fraction, sum(n) filter ((value) is not null and (n) > 0)))
        ),
        internal.rank_at(fraction, sum(n) filter ((value) is not null and (n) > 0))
    )
