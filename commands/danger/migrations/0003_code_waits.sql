-- A new code on paper waits for a second moderator, or three days in which any other can stop it.
CREATE TABLE danger_new_code (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  salt BLOB NOT NULL,
  hash BLOB NOT NULL,
  maker TEXT NOT NULL,
  due REAL NOT NULL                      -- when it takes effect by itself (UTC)
);
-- Who typed a code that was not it, and when (UTC): kept for an hour.
CREATE TABLE danger_try (
  person TEXT NOT NULL,
  at REAL NOT NULL
);
CREATE INDEX danger_try_person ON danger_try (person, at);
