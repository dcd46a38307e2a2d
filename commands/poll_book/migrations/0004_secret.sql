-- Secret ballots. What links a voter to a vote is unreadable without polls_secret_key, and goes with it.
CREATE TABLE polls_secret (
  number INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  manifest TEXT NOT NULL,                -- signed, as it was posted
  closes REAL,                           -- as it was last extended
  ended REAL,
  turnout INTEGER NOT NULL DEFAULT 0,
  bundle TEXT                            -- the result's file
);
CREATE TABLE polls_secret_key (
  number INTEGER PRIMARY KEY REFERENCES polls_secret ON DELETE CASCADE,
  key BLOB NOT NULL
);
-- One for each person who voted, in the order of the marks: it does not tell who came first.
CREATE TABLE polls_secret_vote (
  number INTEGER NOT NULL REFERENCES polls_secret ON DELETE CASCADE,
  mark BLOB NOT NULL,                    -- HMAC of the voter under the key
  sealed BLOB NOT NULL,                  -- AES-GCM: the receipt and the reason
  PRIMARY KEY (number, mark)
) WITHOUT ROWID;
CREATE TABLE polls_secret_roll (
  number INTEGER NOT NULL REFERENCES polls_secret ON DELETE CASCADE,
  leaf BLOB NOT NULL,
  person TEXT,                           -- NULL once the person asked to be forgotten
  PRIMARY KEY (number, leaf)
) WITHOUT ROWID;
CREATE INDEX polls_secret_roll_person ON polls_secret_roll (person, number);
-- The chain: no names, times of votes to the hour.
CREATE TABLE polls_secret_log (
  number INTEGER NOT NULL REFERENCES polls_secret ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  head TEXT NOT NULL,
  PRIMARY KEY (number, seq)
) WITHOUT ROWID;
