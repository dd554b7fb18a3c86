-- Where the known messages that replies name are gathered. Inputs: searched, for its columns.
create or replace table referred as
select
    message_id,
    struct_pack(message_id, sent_at, delivered_at, final_status, mcc, mnc, campaign) as message
from searched
limit 0
