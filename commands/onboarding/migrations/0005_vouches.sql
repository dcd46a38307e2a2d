-- Who vouched for whom; kept after the decision only as long as a member's limit counts it.
CREATE TABLE onboarding_vouch (
  item INTEGER NOT NULL,
  person TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (item, person)
);
CREATE INDEX onboarding_vouch_of ON onboarding_vouch (person, at);
