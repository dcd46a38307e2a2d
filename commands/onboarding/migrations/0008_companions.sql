-- Who offers to accompany newcomers, and whose turn it was with whom.
CREATE TABLE onboarding_offer (
  person TEXT PRIMARY KEY,
  since REAL NOT NULL,
  asked REAL NOT NULL DEFAULT 0          -- when it was their turn last
);
CREATE TABLE onboarding_companion (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  newcomer TEXT NOT NULL,
  person TEXT NOT NULL,                  -- whose turn it is
  at REAL NOT NULL,
  told REAL,                             -- since when the newcomer knows
  over REAL                              -- declined, not wanted, or one of them left
);
CREATE INDEX onboarding_companion_of ON onboarding_companion (person, at);
CREATE INDEX onboarding_companion_for ON onboarding_companion (newcomer);
