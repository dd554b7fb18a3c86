-- Grain: one conversation of the day's files, none of which has newer rows beside it.
create view day_conversations as from day_base
