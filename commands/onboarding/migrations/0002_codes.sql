-- Invitation codes, who used them, wrong guesses of the last hour, and strangers who write to us.
ALTER TABLE onboarding_list ADD COLUMN newcomer TEXT;  -- who comes in; NULL: a list that was typed
ALTER TABLE onboarding_list ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
CREATE TABLE onboarding_code (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  area TEXT NOT NULL,
  mark BLOB NOT NULL UNIQUE,             -- SHA-256 of the code, which is kept nowhere
  uses INTEGER NOT NULL,
  expires REAL NOT NULL
);
CREATE TABLE onboarding_use (
  code INTEGER NOT NULL REFERENCES onboarding_code(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (code, person)
);
CREATE TABLE onboarding_guess (
  person TEXT NOT NULL,
  server TEXT NOT NULL,
  at REAL NOT NULL
);
CREATE INDEX onboarding_guess_at ON onboarding_guess (at);
CREATE TABLE onboarding_stranger (
  person TEXT PRIMARY KEY,
  server TEXT NOT NULL,
  room TEXT NOT NULL,
  at REAL NOT NULL
);
