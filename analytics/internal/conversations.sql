-- Grain: one conversation. Inputs: the files that were written whole, and those beside.
create view internal.conversations as
from internal.layered('internal.conversations_base', 'internal.conversations_newer')
