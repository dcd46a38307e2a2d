-- What an event needs beside its item: the title is the item's.
CREATE TABLE events_event (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- its item's, here for the index of what comes
  start TEXT NOT NULL,                   -- the first date on the wall clock of the zone
  zone TEXT NOT NULL,
  all_day INTEGER NOT NULL,              -- a day without an hour
  length INTEGER,                        -- seconds; NULL: not said
  rule TEXT,                             -- RFC 5545, on that wall clock; NULL: one date
  place TEXT NOT NULL,
  link TEXT NOT NULL,
  about TEXT NOT NULL,
  seats INTEGER,                         -- NULL: as many as like
  guests INTEGER NOT NULL,               -- whom one person may bring along
  remind TEXT,                           -- JSON, seconds before; NULL: as the room does
  uid TEXT NOT NULL,                     -- in calendar files, for ever
  sequence INTEGER NOT NULL,             -- how often it was changed
  cancelled INTEGER NOT NULL,
  next_at REAL                           -- the next date (UTC) that is not over; NULL: none
);
CREATE INDEX events_next ON events_event (room, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX events_series ON events_event (room, next_at)
  WHERE next_at IS NOT NULL AND rule IS NOT NULL;
CREATE INDEX events_uid ON events_event (uid);

-- Dates of a series that are not when the rule says: moved, or (NULL) off.
CREATE TABLE events_changed (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  key TEXT NOT NULL,                     -- the wall time by the rule
  start TEXT,
  PRIMARY KEY (item, key)
) WITHOUT ROWID;
