-- Grain: that of the Parquet file $rows, row for row and in its order.
-- Inputs: a file that an export has put aside, which has a column of telephone numbers.
-- Why: the numbers masked as `reports.privacy` masks them: head, dots, tail.
select * replace (
    left(number, greatest(0, least($head, length(number) - $tail - $hidden_min)))
    || $dots
    || case when length(number) >= $tail + $hidden_min then right(number, $tail) else '' end
    as number
)
from read_parquet($rows)
