-- An election until its vote opens: what was asked for. The item has title, room and author.
CREATE TABLE elections_election (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  seats INTEGER NOT NULL,
  method TEXT NOT NULL,                  -- 'stv', 'approval' or 'most'
  secret INTEGER NOT NULL,
  quotas TEXT NOT NULL,                  -- without places: `south=2-5:`
  voters TEXT NOT NULL,                  -- as it was typed after `voters:`
  stands_until REAL NOT NULL,            -- UTC, in seconds since 1970
  votes_until REAL NOT NULL,
  lot TEXT NOT NULL,                     -- hexadecimal secret; its SHA-256 was published
  poll INTEGER REFERENCES item(number) ON DELETE SET NULL  -- the vote, once it is open
);
CREATE INDEX elections_election_poll ON elections_election (poll) WHERE poll IS NOT NULL;

CREATE TABLE elections_candidate (
  election INTEGER NOT NULL REFERENCES elections_election(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  words TEXT NOT NULL,                   -- their own, a short text
  groups TEXT NOT NULL,                  -- as they declared them: folded, with commas between
  accepted INTEGER NOT NULL,             -- 0: was proposed, and has not answered yet
  place INTEGER,                         -- on the ballot, once it is drawn
  PRIMARY KEY (election, person)
) WITHOUT ROWID;
CREATE INDEX elections_candidate_person ON elections_candidate (person);
