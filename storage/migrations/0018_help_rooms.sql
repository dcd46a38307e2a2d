-- Help rooms, for people without a verified device, and who cannot read us. Times are UTC.
CREATE TABLE help_room (
  room TEXT PRIMARY KEY,
  person TEXT NOT NULL,                  -- 'gone' once they asked to be forgotten
  opened REAL,
  open INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX help_room_of ON help_room (person);
CREATE TABLE device_trouble (
  person TEXT PRIMARY KEY,
  unread_since REAL,                     -- since when they can read nothing; NULL: they can
  told INTEGER NOT NULL DEFAULT 0        -- they were told of a device that is not verified
) WITHOUT ROWID;
-- Of earlier rooms of a person it was not kept when they were opened: only that none was later.
INSERT INTO help_room SELECT substr(name, 6), value,
  (SELECT CAST(last.value AS REAL) FROM fact last WHERE last.name = 'helped:' || fact.value),
  EXISTS (SELECT 1 FROM fact now
    WHERE now.name = 'helping:' || fact.value AND now.value = substr(fact.name, 6))
  FROM fact WHERE name GLOB 'help:*';
INSERT INTO device_trouble (person, unread_since)
  SELECT substr(name, 8), CAST(value AS REAL) FROM fact WHERE name GLOB 'unread:*';
INSERT INTO device_trouble (person, told) SELECT substr(name, 8), 1 FROM fact
  WHERE name GLOB 'unsure:*' ON CONFLICT (person) DO UPDATE SET told = 1;
