-- What became public. A row stays when it is withdrawn or its item is gone: it says that there was
-- something. So the number refers to no item. Times are UTC, in seconds.
CREATE TABLE publishing_item (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                    -- of the document
  place INTEGER NOT NULL,                -- how many of its kind became public before it
  document TEXT,                         -- canonical JSON; NULL once withdrawn
  content TEXT NOT NULL,                 -- hash of the document without any name
  words TEXT NOT NULL,                   -- hash of the part that people wrote
  waiting TEXT NOT NULL DEFAULT '',      -- hash of words written since, of which the room was told
  since REAL NOT NULL,
  changed REAL NOT NULL,
  withdrawn REAL,
  reason TEXT NOT NULL DEFAULT ''        -- why it was: asked, gone, erased
) STRICT;
CREATE UNIQUE INDEX publishing_place ON publishing_item (kind, place);
CREATE INDEX publishing_newest ON publishing_item (since, number);
CREATE INDEX publishing_waiting ON publishing_item (number) WHERE waiting != '';

-- The files of the documents, as they are handed out. Of one that an item had before, the name stays.
CREATE TABLE publishing_file (
  number INTEGER NOT NULL REFERENCES publishing_item(number) ON DELETE CASCADE,
  name TEXT NOT NULL,
  content BLOB,                          -- NULL: it has it no more
  PRIMARY KEY (number, name)
) STRICT;

-- Who was asked whether their name may stand in what is public of an item.
CREATE TABLE publishing_consent (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  answer INTEGER,                        -- 1 yes, 0 no, NULL none yet
  name TEXT NOT NULL DEFAULT '',         -- by which they agreed to be shown
  asked REAL NOT NULL,
  PRIMARY KEY (item, person)
) STRICT;
CREATE INDEX publishing_consent_of ON publishing_consent (person, item);

-- Rooms whose decisions become public, those that were opened since then.
CREATE TABLE publishing_standing (
  room TEXT PRIMARY KEY,
  since REAL NOT NULL,
  last INTEGER NOT NULL,                 -- the highest number by then: what is opened has a higher one
  by TEXT NOT NULL
) STRICT;

-- What is still to be written to where it is handed out, in the order of the changes.
CREATE TABLE publishing_change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL REFERENCES publishing_item(number) ON DELETE CASCADE,
  at REAL NOT NULL,
  logged INTEGER NOT NULL DEFAULT 0      -- 1: it stands in the log, and waits for the folder
) STRICT;
