-- What we said in rooms that keep nothing for ever, so that it can be taken away in time.
CREATE TABLE sent_in (
  room TEXT PRIMARY KEY,                 -- where what we say is listed
  of TEXT NOT NULL                       -- whose setting holds there: its own, or the next room's
) WITHOUT ROWID;
CREATE INDEX sent_in_of ON sent_in (of);
CREATE TABLE sent (
  room TEXT NOT NULL REFERENCES sent_in ON DELETE CASCADE,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (room, at, event)
) WITHOUT ROWID;
CREATE UNIQUE INDEX sent_event ON sent (event);
-- When a thing was first seen to be over, a day's grain: how long it is kept counts from there.
CREATE TABLE over (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  since INTEGER NOT NULL
);
CREATE INDEX over_since ON over (since);
CREATE INDEX item_kind ON item (kind, open);
-- Where a chain of the log begins: after the last line that was kept long enough. NULL: whole.
ALTER TABLE log_head ADD COLUMN start BLOB;
