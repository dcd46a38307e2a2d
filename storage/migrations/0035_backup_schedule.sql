-- The backups that the bot makes by itself: one row, there since the first attempt.
CREATE TABLE backup_schedule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  mark TEXT NOT NULL,                    -- a secret of this data, by which it knows its own files
  tried REAL NOT NULL,                   -- the last attempt (UTC)
  failures INTEGER NOT NULL,             -- in a row; an attempt counts as one until it succeeded
  why TEXT NOT NULL,                     -- the sentence about the last one, as JSON
  told INTEGER NOT NULL                  -- whether the moderators were told of these failures
);
