-- How far we have read, and what we have handled. Times are UTC, in seconds since 1970.
CREATE TABLE sync (one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL);
CREATE TABLE live (one INTEGER PRIMARY KEY CHECK (one = 1), until REAL NOT NULL);
CREATE TABLE seen (event TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);

-- Small secrets, encrypted once more with a key of their own.
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- What the server says about rooms: a mirror, so that no handler waits for the network.
CREATE TABLE room (
  room TEXT PRIMARY KEY,
  version TEXT NOT NULL DEFAULT '1',
  creators TEXT NOT NULL DEFAULT '[]',
  power TEXT NOT NULL DEFAULT '{}',
  encryption TEXT,                       -- m.room.encryption's content; NULL: never encrypted
  name TEXT NOT NULL DEFAULT '',
  join_rule TEXT NOT NULL DEFAULT 'invite',
  history TEXT NOT NULL DEFAULT 'shared',
  kind TEXT NOT NULL DEFAULT '',         -- m.space for a space
  predecessor TEXT,
  successor TEXT,
  joined INTEGER NOT NULL DEFAULT 1,     -- are we in it?
  entered REAL NOT NULL DEFAULT 0,       -- when we joined: what is older is not for us
  private_of TEXT                        -- whose private room with the bot this is
) WITHOUT ROWID;
CREATE INDEX room_private ON room (private_of) WHERE private_of IS NOT NULL;
CREATE TABLE member (
  room TEXT NOT NULL REFERENCES room ON DELETE CASCADE,
  person TEXT NOT NULL,
  membership TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (room, person)
) WITHOUT ROWID;
CREATE INDEX member_person ON member (person, membership);

-- Which private room a person last wrote in, and what they chose for themselves.
CREATE TABLE person (
  person TEXT PRIMARY KEY,
  private TEXT,
  language TEXT,
  zone TEXT
) WITHOUT ROWID;

-- What a room, or the whole network (room ''), has set.
CREATE TABLE setting (
  room TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (room, name)
) WITHOUT ROWID;

-- The use of power, readable by members; a chain in which a removed line shows.
CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  at INTEGER NOT NULL,
  feature TEXT NOT NULL,
  act TEXT NOT NULL,
  who TEXT,                              -- NULL once the person asked to be forgotten
  facts TEXT NOT NULL,                   -- JSON
  undo TEXT,                             -- JSON, where undoing is possible
  salt BLOB,                             -- goes with the name
  who_mark BLOB NOT NULL,                -- salted hashes: the chain is made of these
  facts_mark BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX log_room ON log (room, id);

-- Whatever can be acted on has a number, counted once for the whole network.
CREATE TABLE item (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  feature TEXT NOT NULL,
  kind TEXT NOT NULL,
  room TEXT NOT NULL,                    -- where it belongs
  author TEXT NOT NULL,
  title TEXT NOT NULL,
  open INTEGER NOT NULL DEFAULT 1,
  at INTEGER NOT NULL
);
CREATE INDEX item_room ON item (room, open, number);
CREATE INDEX item_author ON item (author);

-- Which events are about an item: replies to them need no number.
CREATE TABLE posted (
  event TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
  slot TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX posted_slot ON posted (item, slot) WHERE slot IS NOT NULL;
CREATE INDEX posted_item ON posted (item);

-- Letters written but not yet delivered. `txn` is fixed for ever.
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT,
  person TEXT,                           -- a private letter: its room may still have to be made
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,                 -- JSON
  blob BLOB,
  txn TEXT NOT NULL,
  alias TEXT NOT NULL,
  item INTEGER,
  slot TEXT,
  ref TEXT,                              -- event named, or 'letter:<id>' while it is on its way
  device TEXT NOT NULL,                  -- the device it may have been tried under, since `written`
  written REAL NOT NULL
);
CREATE INDEX letter_ref ON letter (ref) WHERE ref IS NOT NULL;
CREATE INDEX letter_room ON letter (room, id);
CREATE INDEX letter_person ON letter (person, id);
CREATE INDEX letter_slot ON letter (item, slot) WHERE slot IS NOT NULL;
CREATE INDEX letter_txn ON letter (txn);

-- Votes and replies to an event of ours whose id we have not learnt yet.
CREATE TABLE parked (event TEXT PRIMARY KEY, room TEXT NOT NULL, what TEXT NOT NULL, at REAL NOT NULL)
  WITHOUT ROWID;

-- What falls due. `wall` and `zone` are the truth; `due` is computed from them.
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feature TEXT NOT NULL,
  name TEXT NOT NULL,
  room TEXT NOT NULL,
  person TEXT,
  item INTEGER,
  due REAL NOT NULL,
  wall TEXT,
  zone TEXT,
  payload TEXT NOT NULL
);
CREATE INDEX job_due ON job (due, id);
CREATE INDEX job_item ON job (item) WHERE item IS NOT NULL;

-- What the bot asked a person and waits for: one at a time per room and thread.
CREATE TABLE question (
  room TEXT NOT NULL,
  thread TEXT NOT NULL DEFAULT '',
  person TEXT NOT NULL,
  feature TEXT NOT NULL,
  name TEXT NOT NULL,
  wants TEXT NOT NULL,                   -- JSON: which answers fit
  payload TEXT NOT NULL,
  asked REAL NOT NULL,
  until REAL NOT NULL,
  event TEXT,                            -- our question, once its id is known
  letter TEXT,
  PRIMARY KEY (room, thread, person)
) WITHOUT ROWID;

CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
