-- A task: its words are the item's title; who does it stands in tasks_who.
CREATE TABLE tasks_task (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- the item's, moved with it
  open INTEGER NOT NULL DEFAULT 1,
  due REAL,                              -- UTC; of a day without an hour its end. NULL: not said
  timed INTEGER NOT NULL DEFAULT 0,      -- an hour was said
  zone TEXT NOT NULL
);
CREATE INDEX tasks_open ON tasks_task (room, due, item) WHERE open;
CREATE TABLE tasks_who (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX tasks_of ON tasks_who (person, item);

-- A call for action: its steps with a count each. Who did what is kept only until it ends, so that
-- nobody counts twice, and is never shown.
CREATE TABLE tasks_action (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,
  open INTEGER NOT NULL DEFAULT 1,
  ends REAL NOT NULL
);
CREATE INDEX tasks_actions ON tasks_action (room, ends, item) WHERE open;
CREATE TABLE tasks_step (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  words TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (item, place)
) WITHOUT ROWID;
CREATE TABLE tasks_did (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person, place)
) WITHOUT ROWID;
CREATE INDEX tasks_did_of ON tasks_did (person, item);
