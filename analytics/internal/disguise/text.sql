-- Dots in the place of what somebody wrote; nothing stays nothing.
create macro memory.hidden.text(x) as case when x is not null then '•••' end
