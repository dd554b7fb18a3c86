-- The alerts before there was their file: its columns, and no row.
create table internal.alerts_all (
    alert_id varchar,
    kind varchar,
    began_at timestamptz,
    fired_at timestamptz,
    resolved_at timestamptz,
    told_at timestamptz,
    mcc varchar,
    mnc varchar,
    network varchar,
    job varchar,
    messages bigint,
    delivered bigint,
    usual_rate double,
    usual_silence_seconds double,
    error varchar
)
