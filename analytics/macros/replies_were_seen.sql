-- Whether the log holds any reply at all: without one a reply rate is not applicable, not 0.
create macro internal.replies_were_seen() as (select replies > 0 from internal.catalogue)
