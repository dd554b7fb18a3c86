-- The rank (from 0) of an end of the interval of the median of n values, z standard deviations of the
-- binomial law away (-1.96 and 1.96: of 95 %). NULL under 30 values.
create macro internal.median_end_rank(n, z) as
    case when (n) >= 30 then ceil((n) / 2 + (z) * sqrt((n)) / 2) - 1 end
