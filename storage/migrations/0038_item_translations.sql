-- What people put an item's words into: its title (part 0) and its options (from 1).
CREATE TABLE item_translation (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  language TEXT NOT NULL,                -- es, pt, en
  text TEXT NOT NULL,
  at INTEGER,                            -- when it was added; NULL: it was there from the first
  PRIMARY KEY (item, part, language)
) WITHOUT ROWID;
-- The language of the title itself, where it has translations and somebody said which it is.
ALTER TABLE item ADD COLUMN language TEXT NOT NULL DEFAULT '';
