-- Lists of people who are expected, each with its own key; without it nobody can read who they are.
CREATE TABLE onboarding_expected (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  area TEXT NOT NULL,
  key BLOB NOT NULL,
  expires REAL NOT NULL
);
CREATE TABLE onboarding_expected_person (
  list INTEGER NOT NULL REFERENCES onboarding_expected(item) ON DELETE CASCADE,
  mark BLOB NOT NULL,                    -- HMAC-SHA256 of the address under the list's key
  sealed BLOB NOT NULL,                  -- the address
  came REAL,                             -- when they were let in; NULL: not yet
  PRIMARY KEY (list, mark)
);
