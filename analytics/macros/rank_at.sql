-- The rank (from 0, not always whole) at a fraction of n values, in floating point like quantile_cont.
create macro internal.rank_at(fraction, n) as (fraction)::double * ((n) - 1)
