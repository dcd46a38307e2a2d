-- Which entries of the list of forgotten people at the homeserver this database knows (decision
-- 0076). An id is random: it names nobody.
CREATE TABLE forgotten_entry (
  id TEXT PRIMARY KEY,
  day INTEGER NOT NULL                   -- days since 1970
) WITHOUT ROWID;
-- The key of that list. Backups have it, so that a restored bot can read the list.
CREATE TABLE forgotten_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL
);
