-- 1 for a message at least so many seconds old whose hour is not yet wholly so old, else 0.
create macro internal.aged_within_hour(sent_at, seconds) as
    case
        when (sent_at) <= internal.ago(seconds)
            and not internal.hour_is_past(internal.hour_of(sent_at), seconds)
        then 1 else 0
    end
