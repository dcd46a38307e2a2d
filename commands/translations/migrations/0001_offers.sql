-- Translations that wait for the yes of whoever wrote the words. Times are UTC, in seconds since 1970.
CREATE TABLE translations_offer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  language TEXT NOT NULL,                -- es, pt, en
  person TEXT NOT NULL,                  -- who translated
  words TEXT NOT NULL,                   -- JSON: the title and then the options, where translated
  at REAL NOT NULL,
  UNIQUE (item, language)                -- a newer one takes the place of the one before
);
CREATE INDEX translations_offer_person ON translations_offer (person);
