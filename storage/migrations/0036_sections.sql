-- A network that becomes two (docs/decisions/0048). Each bot keeps what it handed over or took.
CREATE TABLE section (
  id TEXT PRIMARY KEY,
  way TEXT NOT NULL CHECK (way IN ('out', 'in')),
  peer TEXT NOT NULL,                    -- the other bot's account
  made REAL NOT NULL,                    -- from when on the one does nothing there, UTC
  statement TEXT NOT NULL,               -- JSON: what was handed over, as it was signed
  signature TEXT NOT NULL,
  public TEXT NOT NULL,                  -- the signing key of the bot that handed over
  told INTEGER NOT NULL DEFAULT 0        -- 1: the rooms know
) WITHOUT ROWID;
-- Rooms in which this bot does nothing: no longer ('out'), or not yet ('in').
CREATE TABLE section_room (
  room TEXT PRIMARY KEY,
  section TEXT NOT NULL REFERENCES section ON DELETE CASCADE,
  given INTEGER NOT NULL DEFAULT 0       -- 1: the other bot has it, and ours only has to leave
) WITHOUT ROWID;
CREATE INDEX section_room_section ON section_room (section);
