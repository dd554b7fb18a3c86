-- Grain: one day whose conversations are counted, and the name of what its counts were made from.
create table internal.conversation_book (date date, made_from varchar)
