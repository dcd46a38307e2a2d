-- A link: a room in which only the bots of networks talk. `name` stands in every message.
CREATE TABLE links_link (
  item INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
  name TEXT NOT NULL UNIQUE,
  room TEXT UNIQUE,                      -- NULL until it is there
  seq INTEGER NOT NULL DEFAULT 0,        -- the end of our own chain
  hash TEXT NOT NULL
);

-- The others in it, each as they were when both sides confirmed the code.
CREATE TABLE links_peer (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  bot TEXT NOT NULL,
  state TEXT NOT NULL,
  key TEXT,
  master TEXT,
  name TEXT NOT NULL DEFAULT '',
  own TEXT NOT NULL,                     -- our secret number for this one
  bound TEXT,                            -- what binds them to theirs
  nonce TEXT,                            -- and theirs
  ours INTEGER NOT NULL DEFAULT 0,       -- did our moderators confirm the code?
  theirs INTEGER NOT NULL DEFAULT 0,     -- did theirs?
  seq INTEGER NOT NULL DEFAULT 0,        -- the last message of theirs that took effect
  hash TEXT NOT NULL,
  reach INTEGER NOT NULL DEFAULT 0,      -- the last that we ever heard of
  wanted_at REAL NOT NULL DEFAULT 0,     -- until then what they miss was sent to them already
  junk INTEGER NOT NULL DEFAULT 0,       -- what could not be read from them since `junk_at`
  junk_at REAL NOT NULL DEFAULT 0,
  busy REAL NOT NULL DEFAULT 0,          -- until then what they say was done already
  again_at REAL NOT NULL DEFAULT 0,      -- until then they may not go on from a backup often
  owes INTEGER NOT NULL DEFAULT 0,       -- did we ask what they have from us?
  PRIMARY KEY (link, bot)
) WITHOUT ROWID;
CREATE UNIQUE INDEX links_peer_key ON links_peer (link, key) WHERE key IS NOT NULL;

-- What was signed in a link, ours too: whoever misses one asks for it.
CREATE TABLE links_message (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  content TEXT NOT NULL,
  at REAL NOT NULL,
  again REAL NOT NULL DEFAULT 0,         -- when somebody sent it once more
  PRIMARY KEY (link, key, seq)
) WITHOUT ROWID;
CREATE INDEX links_message_at ON links_message (at);
CREATE INDEX links_message_about ON links_message (link, json_extract(content, '$.id'));
