-- An aggregate: an end of the interval of the median of values of which each counts n times, z standard
-- deviations of the binomial law away (-1.96 and 1.96: of 95 %). NULL under 30 values.
create macro internal.median_end(value, n, z) as case
    when sum(n) filter ((value) is not null and (n) > 0) >= 30 then internal.value_of_cells(
        value, n, ceil(
            sum(n) filter ((value) is not null and (n) > 0) / 2
            + (z) * sqrt(sum(n) filter ((value) is not null and (n) > 0)) / 2
        ) - 1
    )
end
