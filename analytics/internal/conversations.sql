-- Grain: one conversation. Inputs: the files of days beside which nothing is newer, and of the others those
-- that were written whole and those beside.
create view internal.conversations as
from internal.conversations_settled
union all by name
from internal.layered('internal.conversations_base', 'internal.conversations_newer')
