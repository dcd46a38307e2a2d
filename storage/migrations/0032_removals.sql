-- Rooms that somebody took the bot out of, until it is back in them. Times are UTC.
CREATE TABLE removal (
  room TEXT PRIMARY KEY,
  name TEXT NOT NULL,                    -- the room's name at that time
  at REAL NOT NULL
) WITHOUT ROWID;
