-- A meeting: its title is the item's. Of what is said only marked lines are kept.
CREATE TABLE meetings_meeting (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- the item's, moved with it
  thread TEXT NOT NULL DEFAULT '',
  started REAL NOT NULL,
  ended REAL,
  last REAL NOT NULL,                    -- when it last gave a sign of life
  asked REAL,                            -- when the room was asked whether it goes on
  speaker TEXT NOT NULL DEFAULT '',      -- who has the floor
  present INTEGER NOT NULL DEFAULT 0     -- how many took part, once it has ended
);
CREATE UNIQUE INDEX meetings_open ON meetings_meeting (room, thread) WHERE ended IS NULL;
CREATE INDEX meetings_past ON meetings_meeting (room, ended) WHERE ended IS NOT NULL;

CREATE TABLE meetings_line (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  meeting INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  event TEXT NOT NULL,                   -- the message it stood in: redacted, it goes
  kind TEXT NOT NULL,                    -- agreed, task, info
  words TEXT NOT NULL,
  task INTEGER                           -- the task that was made of it
);
CREATE INDEX meetings_line_of ON meetings_line (meeting, id);
CREATE INDEX meetings_line_event ON meetings_line (event);

-- Who takes part: kept while it lasts, and longer only where the room wants names.
CREATE TABLE meetings_person (
  meeting INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  spoke INTEGER NOT NULL DEFAULT 0,      -- how often they had the floor
  hand INTEGER,                          -- the order of raised hands
  PRIMARY KEY (meeting, person)
) WITHOUT ROWID;
CREATE INDEX meetings_person_of ON meetings_person (person);

-- Points of an agenda: of a meeting, or (meeting NULL) of the next one in that place.
CREATE TABLE meetings_point (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  thread TEXT NOT NULL DEFAULT '',
  meeting INTEGER REFERENCES item(number) ON DELETE CASCADE,
  title TEXT NOT NULL,
  length INTEGER,                        -- seconds
  person TEXT NOT NULL,                  -- who proposed it, until it is over
  started REAL,
  ended REAL
);
CREATE INDEX meetings_point_next ON meetings_point (room, thread, id) WHERE meeting IS NULL;
CREATE INDEX meetings_point_of ON meetings_point (meeting, id) WHERE meeting IS NOT NULL;
CREATE INDEX meetings_point_person ON meetings_point (person);
