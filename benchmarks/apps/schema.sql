-- One row a webhook: what a receiver written in an afternoon would keep.
CREATE TABLE webhooks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ingested_at timestamptz NOT NULL DEFAULT now(),
    message_id text NOT NULL,
    status text NOT NULL,
    sent_at timestamp NOT NULL,
    delivered_at timestamp,
    number text NOT NULL,
    mcc text NOT NULL,
    mnc text NOT NULL,
    raw bytea NOT NULL
)
