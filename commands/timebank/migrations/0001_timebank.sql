-- Hours that one person gave another for their help. What counts has been confirmed by both.
CREATE TABLE timebank_transfer (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  giver TEXT NOT NULL,                   -- whose balance goes down; '' once they were forgotten
  taker TEXT NOT NULL,                   -- who helped, and whose balance goes up
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  what TEXT NOT NULL,
  at REAL NOT NULL,
  counts INTEGER NOT NULL DEFAULT 0      -- both have confirmed it
);
CREATE INDEX timebank_given ON timebank_transfer (giver, counts, item);
CREATE INDEX timebank_taken ON timebank_transfer (taker, counts, item);

-- The balances: what counts, added up. '' is everybody who was forgotten. Their sum is zero.
CREATE TABLE timebank_account (
  person TEXT PRIMARY KEY,
  minutes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX timebank_highest ON timebank_account (minutes DESC, person);
