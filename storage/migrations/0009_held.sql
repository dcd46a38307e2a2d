-- What could wait in a room that hears such things once a day; kept for a week, for who asks again.
CREATE TABLE held (
  id INTEGER PRIMARY KEY,
  room TEXT NOT NULL,
  at REAL NOT NULL,                      -- UTC
  text TEXT NOT NULL,                    -- as the room reads it
  named TEXT NOT NULL,                   -- whom it names: JSON
  told INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX held_room ON held (room, id);
CREATE INDEX held_at ON held (at);
