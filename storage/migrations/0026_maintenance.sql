-- What the upkeep of this database has done last.
CREATE TABLE maintenance (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  tzdata TEXT,                           -- the time zones that all due times are computed with
  cleaned TEXT                           -- the day (UTC) on which what has expired was deleted last
);
INSERT INTO maintenance VALUES (1,
  (SELECT value FROM fact WHERE name = 'tzdata'),
  (SELECT value FROM fact WHERE name = 'tidied'));
