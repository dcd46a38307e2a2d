-- One index of everything that may be found, whichever capability keeps it.

-- A room by a short number, so that it stays one word of the index when the room is replaced.
CREATE TABLE finding_place (id INTEGER PRIMARY KEY, room TEXT NOT NULL UNIQUE);

CREATE TABLE findable (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- what is new has a higher one
  feature TEXT NOT NULL,
  ref TEXT NOT NULL,                     -- what the capability calls it
  kind TEXT NOT NULL,
  item INTEGER REFERENCES item ON DELETE CASCADE,
  place INTEGER NOT NULL REFERENCES finding_place,
  network INTEGER NOT NULL,              -- whoever shares a room with the bot may see it
  person TEXT NOT NULL,                  -- who keeps or offers it; '' where nobody is named
  at INTEGER NOT NULL,
  title TEXT NOT NULL,
  name TEXT NOT NULL,                    -- by which people open it (`guide` of `#guide`); '': none
  unreviewed INTEGER NOT NULL,
  UNIQUE (feature, ref)
);
CREATE INDEX findable_item ON findable (item) WHERE item IS NOT NULL;
CREATE INDEX findable_person ON findable (person);
CREATE INDEX findable_place ON findable (place);
CREATE INDEX findable_at ON findable (at);

-- `seen` is the place whose members may see it, 0: all of the network.
CREATE TABLE findable_theme (
  findable INTEGER NOT NULL REFERENCES findable ON DELETE CASCADE,
  theme TEXT NOT NULL,                   -- as it is compared
  name TEXT NOT NULL,                    -- as it was written
  seen INTEGER NOT NULL,
  PRIMARY KEY (findable, theme)
) WITHOUT ROWID;
CREATE INDEX findable_theme_seen ON findable_theme (seen, theme, name);

-- The stems of it. `marks` holds what is asked for by value: place, kind, month, theme, person.
CREATE VIRTUAL TABLE findable_words USING fts5(
  title, themes, text, marks, tokenize = "unicode61 remove_diacritics 0"
);
-- What is taken out must not be found in the file either.
INSERT INTO findable_words (findable_words, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE findable_vocabulary USING fts5vocab(findable_words, col);

CREATE TRIGGER findable_gone AFTER DELETE ON findable BEGIN
  DELETE FROM findable_words WHERE rowid = old.id;
END;
