-- Organisations of a room, and who may vote in a poll. Times are UTC, in seconds since 1970.
CREATE TABLE polls_organisation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: an old roll names it "org:<id>"
  room TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,                  -- the name as it is compared
  delegate TEXT,                         -- NULL: nobody at present
  alternate TEXT,
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000000),
  created REAL NOT NULL,
  changed REAL NOT NULL,
  UNIQUE (room, folded)
);
CREATE INDEX polls_organisation_delegate ON polls_organisation (delegate)
  WHERE delegate IS NOT NULL;
CREATE INDEX polls_organisation_alternate ON polls_organisation (alternate)
  WHERE alternate IS NOT NULL;

-- How organisations were before a change: what `!undo` puts back. The log holds its number only,
-- so that a person who wants to be forgotten is in no line of it.
CREATE TABLE polls_organisation_before (
  change INTEGER NOT NULL,               -- the organisations of one change have one number
  room TEXT NOT NULL,
  name TEXT NOT NULL,
  id INTEGER,                            -- NULL: there was none of that name
  delegate TEXT,
  alternate TEXT,
  weight INTEGER
);
CREATE INDEX polls_organisation_before_change ON polls_organisation_before (change);
CREATE INDEX polls_organisation_before_delegate ON polls_organisation_before (delegate)
  WHERE delegate IS NOT NULL;
CREATE INDEX polls_organisation_before_alternate ON polls_organisation_before (alternate)
  WHERE alternate IS NOT NULL;

-- The roll of a poll, fixed at its opening: names and weights stay; who speaks for an
-- organisation follows the organisation as long as the poll is open.
CREATE TABLE polls_voter (
  poll INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  voter TEXT NOT NULL,                   -- "org:<id>", or the person
  name TEXT NOT NULL,                    -- of the organisation; a person is named as ever
  weight INTEGER NOT NULL,
  delegate TEXT,                         -- who votes: the person, or the organisation's delegate
  alternate TEXT,
  PRIMARY KEY (poll, voter)
);  -- with rowids: without them SQLite reads the whole roll to find one delegate
CREATE INDEX polls_voter_voter ON polls_voter (voter);
CREATE INDEX polls_voter_delegate ON polls_voter (delegate, poll);
CREATE INDEX polls_voter_alternate ON polls_voter (alternate, poll);
