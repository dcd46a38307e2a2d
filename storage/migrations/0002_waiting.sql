-- Messages that could not be read yet: as the server gave them, in ciphertext.
CREATE TABLE waiting (
  event TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  session TEXT NOT NULL,                 -- the Megolm session whose key is missing
  raw TEXT NOT NULL,                     -- JSON, encrypted by its sender
  at REAL NOT NULL,                      -- the time at which it counts
  late INTEGER NOT NULL,                 -- read in a catch-up
  since REAL NOT NULL,                   -- when it reached us
  told INTEGER NOT NULL DEFAULT 0        -- 1: its sender was told to send it again; 2: read after that
) WITHOUT ROWID;
CREATE INDEX waiting_session ON waiting (room, session);
CREATE INDEX waiting_since ON waiting (since);
