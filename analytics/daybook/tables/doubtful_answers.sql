-- Grain: see doubtful_answers.sql. `date` is that of the message, as are the codes.
create table internal.doubtful_answers (
    received_date date,
    date date,
    mcc varchar,
    mnc varchar,
    campaign varchar,
    message_id varchar,
    number varchar,
    sent_at timestamptz,
    status varchar,
    delivered_at timestamptz,
    reply_id varchar,
    received_at timestamptz,
    attribution varchar,
    before_delivery boolean
)
