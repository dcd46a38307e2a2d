-- Somebody of one network wants to reach whoever wrote a thing of another one.
CREATE TABLE links_contact (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  bot TEXT NOT NULL,                     -- the other network's
  id TEXT NOT NULL,
  own INTEGER NOT NULL,                  -- is it one of ours who asked?
  item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
  thing TEXT NOT NULL,                   -- what it is about, as both networks call it
  person TEXT NOT NULL,                  -- of the two, the one who is here
  note TEXT NOT NULL,                    -- what they say, until it was read
  secret BLOB,                           -- ours, until the addresses passed
  asker_key TEXT NOT NULL,               -- the public halves
  author_key TEXT NOT NULL DEFAULT '',
  said TEXT NOT NULL DEFAULT '',         -- '', yes, no, gone
  at REAL NOT NULL,
  PRIMARY KEY (link, bot, id)
) WITHOUT ROWID;
CREATE INDEX links_contact_item ON links_contact (item);
CREATE INDEX links_contact_person ON links_contact (person);
CREATE INDEX links_contact_bot ON links_contact (bot, own, at);
