-- Each row of a secret ballot's log has a salt, so that two receipts do not tell how many voted between.
ALTER TABLE polls_secret_log ADD COLUMN salt TEXT NOT NULL DEFAULT '';
-- How often somebody voted anew, and since when the next may count; it goes with the ballot's key.
CREATE TABLE polls_secret_change (
  number INTEGER NOT NULL REFERENCES polls_secret ON DELETE CASCADE,
  mark BLOB NOT NULL,                    -- as in polls_secret_vote
  casts INTEGER NOT NULL DEFAULT 0,      -- votes, changes and withdrawals
  last REAL NOT NULL DEFAULT 0,          -- when the last of them was taken
  refused INTEGER NOT NULL DEFAULT 0,    -- votes in the room that were written into the log
  PRIMARY KEY (number, mark)
) WITHOUT ROWID;
