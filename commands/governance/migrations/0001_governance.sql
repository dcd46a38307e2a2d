-- Who may do what in a room; what has no line here a moderator does alone.
CREATE TABLE governance_rule (
  room TEXT NOT NULL,
  key TEXT NOT NULL,                     -- the act, `act:of`, or `*`
  rule TEXT NOT NULL,                    -- JSON
  PRIMARY KEY (room, key)
) WITHOUT ROWID;

-- What somebody wants done and others have to agree to. Its item is open as long as it waits.
CREATE TABLE governance_wish (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,
  act TEXT NOT NULL,
  of TEXT NOT NULL,
  payload TEXT NOT NULL,                 -- JSON: what the act's handler needs
  back INTEGER,                          -- the line of the log that is to be taken back
  keep TEXT,                             -- JSON: lines of what was done urgently, taken back if not
  poll INTEGER,                          -- the room's proposal, where the room decides
  round INTEGER NOT NULL DEFAULT 1,
  challenge INTEGER NOT NULL DEFAULT 0   -- a member has the room vote on what a moderator did
);
CREATE INDEX governance_wish_room ON governance_wish (room);
CREATE INDEX governance_wish_back ON governance_wish (back) WHERE back IS NOT NULL;

-- Which moderators agree to it.
CREATE TABLE governance_yes (
  item INTEGER NOT NULL REFERENCES governance_wish(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX governance_yes_person ON governance_yes (person);
