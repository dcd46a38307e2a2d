-- What a reminder needs beside its item: the words are the item's title.
CREATE TABLE reminders_reminder (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  private INTEGER NOT NULL,              -- rings only for its author
  thread TEXT,                           -- where it was typed and so where it rings
  due REAL NOT NULL,                     -- the next time (UTC), for lists
  zone TEXT NOT NULL,
  rule TEXT,                             -- RFC 5545, on the wall clock of the zone; NULL: once
  start TEXT,                            -- the first occurrence on that wall clock
  phrase TEXT                            -- the rhythm as it was typed
);
CREATE INDEX reminders_due ON reminders_reminder (due);
