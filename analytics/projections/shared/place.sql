-- The lower 68 bits of a position: node and seq, the place among the events of one instant. What is
-- stored beside an ingested_at, which says the rest: half the bytes.
create or replace macro place_of(whole) as
    (whole & 295147905179352825855)::decimal(38, 0)
