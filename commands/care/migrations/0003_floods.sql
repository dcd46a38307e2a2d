-- Who came in or was invited in the last minutes, in rooms that want waves noticed: no names.
CREATE TABLE care_came (
  id INTEGER PRIMARY KEY,
  room TEXT NOT NULL,
  mark BLOB NOT NULL,                    -- keyed hash of who invited; empty: somebody came in
  at REAL NOT NULL
);
CREATE INDEX care_came_room ON care_came (room, mark, at);
-- Rooms in which a wave was told of; `closed`: whose door was shut for it, until then.
CREATE TABLE care_wave (
  room TEXT PRIMARY KEY,
  until REAL NOT NULL,
  closed INTEGER NOT NULL
) WITHOUT ROWID;
