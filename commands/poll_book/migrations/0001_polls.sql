-- Polls and their ballots. Times are UTC, in seconds since 1970.
CREATE TABLE polls_poll (
  number INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  most INTEGER NOT NULL,                 -- how many options one person may choose
  interim INTEGER NOT NULL,              -- are counts shown before the end?
  closes REAL,                           -- NULL: open until somebody closes it
  ended REAL,
  cancelled INTEGER NOT NULL DEFAULT 0,
  turnout INTEGER NOT NULL DEFAULT 0     -- kept with every vote, so that nothing is counted anew
);
CREATE TABLE polls_option (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  place INTEGER NOT NULL,                -- from 1; its native answer is named o<place>
  label TEXT NOT NULL,
  votes INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (poll, place)
) WITHOUT ROWID;

-- Everything people answered: a redacted tap brings the one before it back (MSC3381).
CREATE TABLE polls_response (
  id INTEGER PRIMARY KEY,
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  event TEXT,                            -- of a tap
  stamp INTEGER,                         -- of a tap: the server's time in ms
  at REAL NOT NULL,
  choices TEXT NOT NULL,                 -- places, with spaces; empty: taken back or spoiled
  late INTEGER NOT NULL                  -- read in a catch-up
);
CREATE INDEX polls_response_person ON polls_response (poll, person);
CREATE UNIQUE INDEX polls_response_event ON polls_response (event) WHERE event IS NOT NULL;

-- What counts of each person now.
CREATE TABLE polls_ballot (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  choices TEXT NOT NULL,
  late INTEGER NOT NULL,
  PRIMARY KEY (poll, person)
) WITHOUT ROWID;
CREATE INDEX polls_ballot_late ON polls_ballot (poll) WHERE late;
CREATE INDEX polls_ballot_person ON polls_ballot (person);
CREATE INDEX polls_response_of ON polls_response (person);
