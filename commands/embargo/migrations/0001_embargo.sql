-- What waits for its time. Nobody but its author sees it, so its item is the author's own, and the
-- room in which it will be published stands here. Times are UTC, in seconds.
CREATE TABLE embargo_held (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  author TEXT NOT NULL,
  room TEXT NOT NULL,
  feature TEXT NOT NULL,                 -- whose job publishes it
  job TEXT NOT NULL,
  due REAL NOT NULL,
  zone TEXT NOT NULL,
  content TEXT NOT NULL                  -- JSON, read by that job alone
) STRICT;
CREATE INDEX embargo_of ON embargo_held (author, due);
CREATE INDEX embargo_due ON embargo_held (due);
