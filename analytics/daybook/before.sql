-- Grain: one day that was in the book of the last catalogue, attached as `before`, and the name of what
-- its counts were made from.
select made_from, date
from before.internal.daybook
