-- Grain: one row per day on which conversations began, network, who began, whether the other side spoke too,
-- and number of turns. Inputs: internal.conversation_facts. Why: they add up over any period and network,
-- without reading the conversations.
create view conversation_cells as
select
    date, mcc, mnc, network, country, started_by, answered, turns,
    conversations, messages, replies
from internal.conversation_facts
where started_by is not null
