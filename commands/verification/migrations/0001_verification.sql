-- A verification that is going on: one for each person, gone when it ends or after ten minutes.
CREATE TABLE verification_exchange (
  person TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  request TEXT,                          -- the event that began it; NULL: ours, not answered yet
  asked REAL NOT NULL,                   -- UTC
  step TEXT NOT NULL,
  starts INTEGER NOT NULL,               -- we sent the start, and they accepted
  device TEXT NOT NULL,                  -- theirs, with its key and their master key of that moment
  device_key TEXT NOT NULL,
  master TEXT NOT NULL,
  secret BLOB,                           -- our half of the key agreement
  their_key TEXT,
  start TEXT,                            -- the content of the start, as JSON
  commitment TEXT,                       -- theirs, if we sent the start
  macs TEXT                              -- theirs, as JSON, until the person has compared
) WITHOUT ROWID;
-- Who compared the emoji with us, with which identity, and when (UTC).
CREATE TABLE verification_done (
  person TEXT PRIMARY KEY,
  master TEXT NOT NULL,
  at REAL NOT NULL
) WITHOUT ROWID;
