-- The value at rank `rank` (from 0) between the values at the whole ranks around it: quantile_cont.
create macro internal.interpolated(low, high, rank) as
    (low)::double * (1 - ((rank) - floor(rank))) + (high)::double * ((rank) - floor(rank))
