-- Events as a service would insert them, and one row a message, kept by a query over the events.
CREATE TABLE events (
    seq bigint PRIMARY KEY,
    ingested_at timestamptz NOT NULL,
    type text NOT NULL,
    message_id text,
    status text,
    sent_at timestamptz,
    delivered_at timestamptz,
    number text NOT NULL,
    mcc text NOT NULL,
    mnc text NOT NULL,
    tags text NOT NULL
);
CREATE TABLE messages (
    message_id text PRIMARY KEY,
    number text NOT NULL,
    mcc text NOT NULL,
    mnc text NOT NULL,
    campaign text,
    sent_at timestamptz NOT NULL,
    final_status text,
    delivered_at timestamptz
);
