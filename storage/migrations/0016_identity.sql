-- People whose Matrix identity was replaced: what waits to be confirmed, and since when they are who they are.
CREATE TABLE identity (
  person TEXT PRIMARY KEY,
  since REAL,                            -- from here on it is this identity; NULL: always
  key TEXT,                              -- the new one that waits to be confirmed; NULL: none does
  changed REAL,                          -- when that one was seen
  spoke REAL,                            -- when the old one spoke last since
  told TEXT,                             -- of which one the rooms were told
  told_at REAL,
  denied INTEGER NOT NULL DEFAULT 0      -- somebody said that it is not them
) WITHOUT ROWID;
-- A copy of the keyed hashes in the key store, which no backup holds.
CREATE TABLE identity_pin (
  who TEXT NOT NULL,
  pin TEXT NOT NULL,
  gone INTEGER,
  PRIMARY KEY (who, pin)
) WITHOUT ROWID;
