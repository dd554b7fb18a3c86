-- The lower end of the Wilson 95 % interval of k out of n; NULL when n is 0.
create macro wilson_low(k, n) as
    case when (n) > 0 then greatest(0, least((k) / (n), (
        (k) + 3.841458820694124::double / 2
        - 1.959963984540054::double
            * sqrt((k)::double * ((n) - (k)) / (n) + 3.841458820694124::double / 4)
    ) / ((n) + 3.841458820694124::double))) end
