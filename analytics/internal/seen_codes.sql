-- Grain: one row per code as spelt on the wire. Inputs: the cells, which name every code that a
-- message has, and the counts of replies.
select mcc, mnc from internal.delivery_cells where mcc is not null and mnc is not null
union
select mcc, mnc from internal.reply_counts where mcc is not null and mnc is not null
order by mcc, mnc
