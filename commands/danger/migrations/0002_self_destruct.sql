-- The code on paper that destroys the network's keys, as a salted hash (scrypt).
CREATE TABLE danger_code (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  salt BLOB NOT NULL,
  hash BLOB NOT NULL
);
-- Who asked for it last: within ten minutes a second person may join them.
CREATE TABLE danger_wish (
  person TEXT PRIMARY KEY,
  at REAL NOT NULL
) WITHOUT ROWID;
