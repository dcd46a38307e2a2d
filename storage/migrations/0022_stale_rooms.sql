-- Rooms missing from a sync response, whose messages must be read from their history.
CREATE TABLE stale_room (
  room TEXT PRIMARY KEY,
  since REAL                             -- end of the last live sync before, UTC; NULL: there was none
) WITHOUT ROWID;
INSERT INTO stale_room SELECT substr(name, 8), CAST(nullif(value, '') AS REAL)
  FROM fact WHERE name GLOB 'behind:*';
