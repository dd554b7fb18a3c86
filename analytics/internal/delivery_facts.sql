-- Grain: a row of internal.dated_cells, with the names that hold on its date.
create view internal.delivery_facts as
from internal.named('internal.dated_cells')
