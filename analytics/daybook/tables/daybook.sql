-- Grain: one day that is in the book, and the name of what its counts were made from.
create table internal.daybook (date date, made_from varchar)
