-- Where what is public is handed out: the signed log, the files of the folder, the public room.
-- Times are UTC, in seconds.

-- The log of the site, one signed line for each write. `ends`: where the line ends in its file.
CREATE TABLE publishing_entry (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  line TEXT NOT NULL,
  ends INTEGER NOT NULL
) STRICT;

-- What the log says of each item: also of those that our books don't know.
CREATE TABLE publishing_logged (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  is_public INTEGER NOT NULL
) STRICT;

-- The files of the site as the log tells them. `present`: 0 if it is to be written in any case.
CREATE TABLE publishing_path (
  path TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  present INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX publishing_path_absent ON publishing_path (path) WHERE present = 0;

-- What stands in the log and not yet in the folder; NULL: to be taken away.
CREATE TABLE publishing_unwritten (path TEXT PRIMARY KEY, content BLOB) STRICT, WITHOUT ROWID;

-- The folder: up to which entry it is written, what the pages were made with, what keeps it.
CREATE TABLE publishing_folder (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  path TEXT NOT NULL,
  written INTEGER NOT NULL DEFAULT 0,
  look TEXT NOT NULL DEFAULT '',
  trouble TEXT NOT NULL DEFAULT '',
  checked TEXT NOT NULL DEFAULT ''       -- the path up to which its files were looked at
) STRICT;

-- Public rooms. One is open at most; `opened` is empty until the room is there.
CREATE TABLE publishing_room (
  alias TEXT PRIMARY KEY,
  room TEXT NOT NULL DEFAULT '',
  asked_in TEXT NOT NULL,                -- where it was asked for: there it is told
  since REAL NOT NULL,
  ended REAL
) STRICT;

-- Posts in public rooms, and of what each tells. An item stands in one post at most.
CREATE TABLE publishing_post (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  event TEXT NOT NULL DEFAULT '',        -- empty while it is on its way
  words TEXT NOT NULL                    -- hash of what it says
) STRICT;
CREATE TABLE publishing_posted (
  number INTEGER PRIMARY KEY,
  post INTEGER NOT NULL REFERENCES publishing_post(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX publishing_posted_in ON publishing_posted (post);
-- Items whose post is not what it should be.
CREATE TABLE publishing_to_post (number INTEGER PRIMARY KEY) STRICT;

-- When an event is over; a series is taken to go on.
CREATE INDEX publishing_over ON publishing_item (
  IIF(COALESCE(json_extract(document, '$.event.repeats'), '') = '',
      COALESCE(json_extract(document, '$.event.ends'), json_extract(document, '$.event.begins')),
      9000000000000)
) WHERE kind = 'event' AND document IS NOT NULL;
