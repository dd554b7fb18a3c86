-- The position of the event with this ingested_at and this place among the events of that instant.
create or replace macro placed_at(ingested_at, place) as
    epoch_us(ingested_at)::hugeint * 295147905179352825856 + place::hugeint
