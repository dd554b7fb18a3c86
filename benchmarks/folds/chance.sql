-- A number from 0 up to 1 that looks random and is always the same for the same i and purpose.
CREATE TEMP MACRO chance(i, purpose) AS (hash(i, purpose) >> 11) / 9007199254740992.0
