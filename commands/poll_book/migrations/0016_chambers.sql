-- The chambers of a decision that passes where it passes in each, fixed at its opening. Their counts
-- are kept with every vote, as those of the whole are.
CREATE TABLE poll_book_chamber (
  poll INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  place INTEGER NOT NULL,                -- in the order in which they were named
  name TEXT NOT NULL,
  size INTEGER NOT NULL,                 -- how many may vote in it
  weight INTEGER NOT NULL,               -- theirs together
  turnout INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (poll, place)
) WITHOUT ROWID;
CREATE TABLE poll_book_chamber_voter (
  poll INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  voter TEXT NOT NULL,                   -- as in poll_book_voter
  place INTEGER NOT NULL,                -- the chamber
  PRIMARY KEY (poll, voter)
) WITHOUT ROWID;
CREATE INDEX poll_book_chamber_voter_voter ON poll_book_chamber_voter (voter);
CREATE TABLE poll_book_chamber_count (
  poll INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  ballot TEXT NOT NULL,
  weight INTEGER NOT NULL,
  PRIMARY KEY (poll, place, ballot)
) WITHOUT ROWID;
