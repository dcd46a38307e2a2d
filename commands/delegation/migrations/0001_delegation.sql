-- Who gave their vote to whom, in one room. Times are UTC, in seconds since 1970.
CREATE TABLE delegation_given (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  giver TEXT NOT NULL,
  taker TEXT NOT NULL,
  poll INTEGER NOT NULL,                 -- for this decision only; 0: for each
  topic TEXT NOT NULL,                   -- for questions with this #theme, folded; '': for each
  until REAL,                            -- NULL: until it is taken back
  accepted INTEGER NOT NULL DEFAULT 0,   -- the taker said yes
  at REAL NOT NULL,
  UNIQUE (room, giver, poll, topic, accepted)
);
CREATE INDEX delegation_given_giver ON delegation_given (giver);
CREATE INDEX delegation_given_taker ON delegation_given (taker);
