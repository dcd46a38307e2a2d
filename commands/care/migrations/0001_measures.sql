-- The key under which people are hashed: what has to outlast `!forget-me` knows only the hash.
CREATE TABLE care_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key BLOB NOT NULL
);
-- What was done about a person: a warning, silence for a time, a removal, a ban.
CREATE TABLE care_measure (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  act TEXT NOT NULL,                     -- warn, mute, remove, ban
  room TEXT NOT NULL,
  mark BLOB NOT NULL,                    -- keyed hash of the person
  person TEXT,                           -- gone once they are forgotten
  reason TEXT NOT NULL,
  at REAL NOT NULL,                      -- UTC
  until REAL,                            -- UTC; none: until it is lifted
  level INTEGER,                         -- the power that keeps somebody silent
  before TEXT,                           -- what stood in its place, as JSON; null where nothing did
  over INTEGER NOT NULL DEFAULT 0        -- not in force any more; kept while it can be appealed
);
CREATE INDEX care_measure_mark ON care_measure (mark, act);
CREATE INDEX care_measure_room ON care_measure (room);
CREATE INDEX care_measure_person ON care_measure (person);
