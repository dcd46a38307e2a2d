-- What we shared: the same thing keeps its id; `version` counts what was sent of it.
CREATE TABLE links_shared (
  item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  mark BLOB NOT NULL,                    -- of what was sent last: the same is not sent twice
  PRIMARY KEY (item, link)
) WITHOUT ROWID;
CREATE UNIQUE INDEX links_shared_id ON links_shared (link, id);

-- How many take part elsewhere in what we shared.
CREATE TABLE links_total (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  id TEXT NOT NULL,
  bot TEXT NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (link, id, bot)
) WITHOUT ROWID;

-- What others shared. It waits under `item`; accepted it is `copy`, an item of ours.
CREATE TABLE links_received (
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  bot TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  item INTEGER,
  copy INTEGER,
  sent TEXT NOT NULL DEFAULT '',         -- the totals that we told last
  PRIMARY KEY (link, bot, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX links_received_item ON links_received (item) WHERE item IS NOT NULL;
CREATE UNIQUE INDEX links_received_copy ON links_received (copy) WHERE copy IS NOT NULL;
CREATE INDEX links_received_state ON links_received (bot, state);

-- Rooms that take in a kind of thing from a network without asking.
CREATE TABLE links_trusted (
  room TEXT NOT NULL, bot TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (room, bot, kind)
) WITHOUT ROWID;
