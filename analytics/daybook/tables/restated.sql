-- Grain: see restated.sql. `date` is that of the messages, `read_on` that on which we were told.
create table internal.restated (
    date date,
    read_on date,
    messages bigint,
    delivered bigint,
    finals bigint
)
