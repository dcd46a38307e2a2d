-- A verification may go from device to device, and by a picture that the person's app scans. One
-- that is going on is left: it would have lapsed after ten minutes.
DROP TABLE verification_exchange;
CREATE TABLE verification_current (
  person TEXT PRIMARY KEY,
  room TEXT NOT NULL,                    -- the private room in which we say our side
  by_device INTEGER NOT NULL,            -- its steps are no events of the room
  request TEXT,                          -- the event that began it, or the transaction id; NULL: ours
  asked REAL NOT NULL,                   -- UTC
  step TEXT NOT NULL,
  starts INTEGER NOT NULL,               -- we sent the start
  device TEXT NOT NULL,                  -- theirs, with its key and their master key of that moment
  device_key TEXT NOT NULL,
  master TEXT NOT NULL,
  asked_devices TEXT NOT NULL,           -- JSON: all of theirs that we asked at once
  secret BLOB,                           -- our half of the key agreement
  their_key TEXT,
  start TEXT,                            -- the content of the start, as JSON
  commitment TEXT,                       -- theirs, if we sent the start
  macs TEXT,                             -- theirs, as JSON, until the person has compared
  code BLOB                              -- what only who scans our picture can know
) WITHOUT ROWID;
