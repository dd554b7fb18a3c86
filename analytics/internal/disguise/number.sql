-- A telephone number without its middle, and a sign that is the same for the same number within one
-- answer: counting, grouping and joining stay right. Nobody can find the number by trying them all
-- without the key, which is drawn for each query.
create macro memory.hidden.number(x) as case when x is not null then
    left(x, least(greatest(length(x) - 6, 0), 6))
    || '•••'
    || case when length(x) >= 6 then right(x, 3) else '' end
    || ' '
    || left(sha256(memory.hidden.key() || x), 10)
end
