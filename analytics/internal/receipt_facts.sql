-- Grain: a receipt cell, with the names that hold on its date. Inputs: the receipt cells.
create view internal.receipt_facts as
select * exclude (network_is_known)
from internal.named('internal.receipt_cells')
