-- What is under way at a door, and how many of a homeserver were told that they have to wait.
CREATE TABLE IF NOT EXISTS fact (        -- the core has dropped it where this capability comes later
  name TEXT PRIMARY KEY, value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE onboarding_door (
  room TEXT PRIMARY KEY,
  looks INTEGER NOT NULL DEFAULT 0,      -- a look for those who wait outside is scheduled
  knocks_from INTEGER                    -- knocks from this request on are told together; NULL: none
);
CREATE TABLE onboarding_crowd (
  room TEXT NOT NULL,
  server TEXT NOT NULL,
  since REAL NOT NULL,                   -- UTC; they are counted for a day
  told INTEGER NOT NULL,
  PRIMARY KEY (room, server)
);
CREATE TABLE onboarding_waiting_notice ( -- one message about many requests is scheduled
  one INTEGER PRIMARY KEY CHECK (one = 1)
);
INSERT INTO onboarding_door (room, looks)
  SELECT substr(name, 6), 1 FROM fact WHERE name GLOB 'look:*';
INSERT INTO onboarding_door (room, knocks_from)
  SELECT substr(name, 12), CAST(value AS INTEGER) FROM fact WHERE name GLOB 'many_knock:*'
  ON CONFLICT (room) DO UPDATE SET knocks_from = excluded.knocks_from;
-- Both a room and a homeserver may hold colons: which part is the room, the known ones say.
INSERT INTO onboarding_crowd
  SELECT room.room, substr(fact.name, length(room.room) + 8),
    unixepoch(substr(value, 1, instr(value, ' ') - 1), 'subsec'),
    CAST(substr(value, instr(value, ' ') + 1) AS INTEGER)
  FROM fact JOIN room ON substr(fact.name, 1, length(room.room) + 7) = 'crowd:' || room.room || ':';
INSERT INTO onboarding_waiting_notice SELECT 1 FROM fact WHERE name = 'many_wait';
