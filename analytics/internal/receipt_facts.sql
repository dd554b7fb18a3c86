-- Grain: a receipt cell, with the names that hold on its date. Inputs: the receipt cells.
create view internal.receipt_facts as
select
    cell.* exclude (mcc, mnc),
    coalesce(code.mcc, cell.mcc) as mcc,
    coalesce(code.mnc, cell.mnc) as mnc,
    coalesce(code.network, cell.mcc || '-' || cell.mnc) as network,
    code.country
from internal.receipt_cells as cell
left join internal.network_codes as code
    on code.raw_mcc = cell.mcc and code.raw_mnc = cell.mnc
    and cell.date between code.valid_from and code.valid_to
