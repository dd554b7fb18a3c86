-- The place of an event in the order of ingestion, as one number: ingested_at in microseconds, then
-- 32 bits of node, then 36 bits of seq. One number, since comparing rows costs three times as much.
-- It fits DECIMAL(38, 0), in which it is stored (DuckDB writes HUGEINT to Parquet as DOUBLE).
create or replace macro position_of(ingested_at, node, seq) as
    (epoch_us(ingested_at)::hugeint * 4294967296 + ('0x' || node)::bigint) * 68719476736 + seq
