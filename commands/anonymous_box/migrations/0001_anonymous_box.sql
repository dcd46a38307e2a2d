-- Messages that somebody had passed on without their name. Their words are not kept.
CREATE TABLE anonymous_box_note (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL                     -- who reads it; '' if each reader was told alone
);
CREATE INDEX anonymous_box_room ON anonymous_box_note (room);

-- Who wrote it, sealed, so that answers find them; after 30 days the row goes, and with it the link.
CREATE TABLE anonymous_box_sender (
  item INTEGER PRIMARY KEY REFERENCES anonymous_box_note(item) ON DELETE CASCADE,
  key BLOB NOT NULL,
  sealed BLOB NOT NULL
);

-- Keyed hashes of who was told alone, and may answer.
CREATE TABLE anonymous_box_reader (
  item INTEGER NOT NULL REFERENCES anonymous_box_note(item) ON DELETE CASCADE,
  mark BLOB NOT NULL,
  PRIMARY KEY (item, mark)
) WITHOUT ROWID;

-- Keyed hashes of who wrote within a day, and of who is not passed on for some time.
CREATE TABLE anonymous_box_sent (
  mark BLOB NOT NULL,
  at REAL NOT NULL
);
CREATE INDEX anonymous_box_times ON anonymous_box_sent (at);
CREATE TABLE anonymous_box_muted (
  mark BLOB PRIMARY KEY,
  until REAL NOT NULL
) WITHOUT ROWID;
