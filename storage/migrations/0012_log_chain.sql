-- The log's chain has a head beside it, so that lines removed at the end show too. A room that was
-- replaced has the chains of both: each is checked by itself, under the room it was begun in.
ALTER TABLE log ADD COLUMN chain TEXT;
UPDATE log SET chain = room;
-- The facts have a salt of their own: it stays when a name and its salt go.
ALTER TABLE log ADD COLUMN facts_salt BLOB;
UPDATE log SET facts_salt = salt;
-- JSON: the act and the part of it by whose rule it was done, and so is undone.
ALTER TABLE log ADD COLUMN rule TEXT;
CREATE TABLE log_head (
  chain TEXT PRIMARY KEY,
  room TEXT NOT NULL,                    -- where the chain is read now
  lines INTEGER NOT NULL,
  hash BLOB NOT NULL                     -- of the newest line
);
INSERT INTO log_head SELECT room, room, count(*),
  (SELECT hash FROM log newest WHERE newest.room = log.room ORDER BY id DESC LIMIT 1)
  FROM log GROUP BY room;
CREATE INDEX log_head_room ON log_head (room);
CREATE INDEX log_chain ON log (chain, id);
CREATE INDEX log_count ON log (room, chain);
