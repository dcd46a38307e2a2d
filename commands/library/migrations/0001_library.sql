-- What people keep: a text, a link, or a file that lies encrypted on a homeserver; its key is here.
CREATE TABLE library_resource (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- where it belongs
  name TEXT NOT NULL,                    -- as it is written: #name
  known TEXT NOT NULL,                   -- as it is heard
  kind TEXT NOT NULL,                    -- text, link, file
  text TEXT NOT NULL,
  file TEXT,                             -- JSON: where it lies, its key, what it truly is
  mark TEXT,                             -- keyed hash of its content
  seen TEXT NOT NULL DEFAULT 'room',     -- who may see it: room, network
  keeper TEXT NOT NULL,                  -- '' once they asked to be forgotten
  at INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  reviewed INTEGER NOT NULL,             -- when somebody last said that it is right
  asked INTEGER,                         -- since when the keeper is asked whether it still is
  doubtful INTEGER NOT NULL DEFAULT 0,   -- nobody answered
  version INTEGER NOT NULL DEFAULT 1,
  place TEXT GENERATED ALWAYS AS (CASE seen WHEN 'network' THEN '' ELSE room END) VIRTUAL
);
CREATE UNIQUE INDEX library_name ON library_resource (known, room);
CREATE INDEX library_place ON library_resource (place, changed);
CREATE INDEX library_changed ON library_resource (changed, place);
CREATE INDEX library_due ON library_resource (room, asked, reviewed);
CREATE INDEX library_mark ON library_resource (mark) WHERE mark IS NOT NULL;
CREATE INDEX library_keeper ON library_resource (keeper);

CREATE TABLE library_theme (
  item INTEGER NOT NULL REFERENCES library_resource ON DELETE CASCADE,
  theme TEXT NOT NULL,                   -- as it is written
  known TEXT NOT NULL,                   -- as it is heard
  place TEXT NOT NULL,                   -- of the thing
  PRIMARY KEY (known, item)
) WITHOUT ROWID;
CREATE INDEX library_theme_item ON library_theme (item);

-- How many things each theme has where: counting them all anew would take longer than people wait.
CREATE TABLE library_themes (
  known TEXT NOT NULL, place TEXT NOT NULL, theme TEXT NOT NULL, things INTEGER NOT NULL,
  PRIMARY KEY (known, place)
) WITHOUT ROWID;
CREATE TRIGGER library_theme_in AFTER INSERT ON library_theme BEGIN
  INSERT INTO library_themes VALUES (new.known, new.place, new.theme, 1)
    ON CONFLICT (known, place) DO UPDATE SET things = things + 1;
END;
CREATE TRIGGER library_theme_out AFTER DELETE ON library_theme BEGIN
  UPDATE library_themes SET things = things - 1 WHERE known = old.known AND place = old.place;
  DELETE FROM library_themes WHERE known = old.known AND place = old.place AND things < 1;
END;

-- The links in a text, so that the same one is known again.
CREATE TABLE library_link (
  item INTEGER NOT NULL REFERENCES library_resource ON DELETE CASCADE,
  known TEXT NOT NULL,
  PRIMARY KEY (known, item)
) WITHOUT ROWID;
CREATE INDEX library_link_item ON library_link (item);

-- Each version, the one that holds now too.
CREATE TABLE library_version (
  item INTEGER NOT NULL REFERENCES library_resource ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  text TEXT NOT NULL,
  file TEXT,
  source TEXT NOT NULL,                  -- the message that it was, or the command
  source_room TEXT NOT NULL,
  said_by TEXT NOT NULL,                 -- whose message it was; '': the keeper typed it
  typed TEXT NOT NULL,                   -- what the keeper wrote above that message
  PRIMARY KEY (item, version)
) WITHOUT ROWID;
CREATE INDEX library_version_who ON library_version (who);
CREATE INDEX library_version_said_by ON library_version (said_by);
CREATE INDEX library_version_source ON library_version (source);

-- Rooms that are looked through every day for what is to be asked about again.
CREATE TABLE library_round (room TEXT PRIMARY KEY) WITHOUT ROWID;

-- Under which the marks of files are made. Here and not when it is needed first: what needs a file
-- is undone and run again when the file has come, and the key with it.
CREATE TABLE library_key (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL);
INSERT INTO library_key VALUES (1, randomblob(32));
