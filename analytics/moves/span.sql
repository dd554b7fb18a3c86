-- From which day to which, in UTC, messages are around the moves that nobody has counted; null without
-- any. Inputs: fresh.
select
    make_timestamp(epoch_us(min(before_from)))::date,
    make_timestamp(epoch_us(max(after_to)))::date
from fresh
