-- A telephone number as a number, the same for the same text alone: E.164 without its +; what is no such
-- number, above all of these.
create macro internal.number_id(number) as
    case when '+' || try_cast(number as bigint) = number then try_cast(number as bigint)
        else 4611686018427387904 + (md5_number_lower(number) >> 2)::bigint end
