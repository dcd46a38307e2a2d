-- What networks signed about each other: "we compared the code with this bot, and this is its key".
CREATE TABLE link_introductions_word (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  introducer TEXT NOT NULL,              -- the key that signed it
  bot TEXT NOT NULL,
  key TEXT NOT NULL,
  master TEXT NOT NULL,
  until REAL NOT NULL,                   -- accepted until then, in seconds since 1970
  content TEXT NOT NULL,                 -- the whole of it, with the signature
  carrier TEXT NOT NULL,                 -- the key of whoever brought it first
  passed REAL NOT NULL,                  -- when it was last said in the link
  refuted TEXT NOT NULL DEFAULT '',      -- '', 'word': signed otherwise too, 'people': compared, not so
  told INTEGER NOT NULL DEFAULT 0,       -- were our moderators told that it is not so?
  PRIMARY KEY (link, introducer, bot)
) WITHOUT ROWID;
CREATE INDEX link_introductions_word_carrier ON link_introductions_word (link, carrier);

-- On whose word our moderators accepted a network, and what they were last told about it.
CREATE TABLE link_introductions_accepted (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  bot TEXT NOT NULL,
  introducers TEXT NOT NULL DEFAULT '',  -- their keys, with spaces between
  told TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (link, bot)
) WITHOUT ROWID;
