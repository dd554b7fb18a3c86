-- The rank (from 0) of an end of the interval of the value at a fraction of n values (0.5: of their median),
-- z standard deviations of the binomial law away (-1.96 and 1.96: of 95 %). NULL under 30 values.
create macro internal.end_rank(fraction, n, z) as case
    when (n) >= 30
        then ceil((fraction)::double * (n) + (z) * sqrt((fraction)::double * (1 - (fraction)::double) * (n))) - 1
end
