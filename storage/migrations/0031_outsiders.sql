-- Bridges to other services and policy servers, as the rooms' state names them.
CREATE TABLE room_outsider (
  room TEXT NOT NULL,
  source TEXT NOT NULL,                  -- the state event's type and key
  kind TEXT NOT NULL,                    -- bridge or policy
  server TEXT NOT NULL,                  -- of the bridge's bot; or the policy server
  bot TEXT NOT NULL,                     -- the bridge's bot, '' if none is named
  by_itself INTEGER NOT NULL,            -- whether the bot wrote that event
  service TEXT NOT NULL,                 -- the bridge's protocol id, lower case
  name TEXT NOT NULL,                    -- what the bridge calls the service: untrusted
  PRIMARY KEY (room, source)
) WITHOUT ROWID;
-- Rooms whose state was read before the table was there are read once more.
ALTER TABLE room ADD COLUMN outsiders_known INTEGER NOT NULL DEFAULT 0;
