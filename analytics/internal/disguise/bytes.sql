-- Dots in the place of what somebody sent; nothing stays nothing.
create macro memory.hidden.bytes(x) as case when x is not null then encode('•••') end
