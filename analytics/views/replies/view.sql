-- Grain: one row per distinct reply. Inputs: the replies projection, networks, opt-out words.
create view replies as
select
    reply_id, number, mcc, mnc, network, country, body, received_at, replied_to,
    attribution, message_id, time_to_reply_seconds, opt_out, copies,
    received_date, campaign, unknown_reference, before_delivery,
    message_sent_at, message_delivered_at, first_ingested_at, raw_mcc, raw_mnc
from internal.reply_facts
