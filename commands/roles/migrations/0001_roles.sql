-- A role of a room, in the room's own words; its item has the name as it is shown.
CREATE TABLE roles_role (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,
  name TEXT NOT NULL,                    -- folded, as it is heard
  moderates INTEGER NOT NULL,            -- whoever has it moderates the room
  term INTEGER,                          -- in seconds; NULL: without an end
  called REAL,                           -- when its people were last called (UTC)
  UNIQUE (room, name)
);
CREATE TABLE roles_holder (
  role INTEGER NOT NULL REFERENCES roles_role(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  until REAL,                            -- UTC; NULL: without an end
  PRIMARY KEY (role, person)
) WITHOUT ROWID;
CREATE INDEX roles_holder_person ON roles_holder (person);

-- A draw by lot that goes on; all of it goes when it is over, the file in the room says it.
CREATE TABLE roles_draw (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  role INTEGER NOT NULL REFERENCES roles_role(item) ON DELETE CASCADE,
  seats INTEGER NOT NULL,
  secret TEXT NOT NULL                   -- hexadecimal; its SHA-256 was published at the start
);
CREATE TABLE roles_candidate (
  draw INTEGER NOT NULL REFERENCES roles_draw(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  word TEXT,                             -- what they put into the draw
  stands INTEGER NOT NULL DEFAULT 1,     -- 0: they do not want it
  PRIMARY KEY (draw, person)
) WITHOUT ROWID;
CREATE INDEX roles_candidate_person ON roles_candidate (person);
