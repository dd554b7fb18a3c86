-- Grain: one conversation of the day's files. Inputs: those written whole, and those beside.
create view day_conversations as from internal.layered('day_base', 'day_newer')
