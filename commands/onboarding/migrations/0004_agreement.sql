-- The network's rules by version, who accepted which, who is still to be asked, and who waits.
CREATE TABLE onboarding_rules (
  version INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  text TEXT NOT NULL,
  at REAL NOT NULL
);
CREATE TABLE onboarding_accepted (
  version INTEGER NOT NULL REFERENCES onboarding_rules(version) ON DELETE CASCADE,
  person TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (version, person)
);
CREATE TABLE onboarding_to_ask (
  person TEXT PRIMARY KEY
);
CREATE TABLE onboarding_coming (
  person TEXT NOT NULL,                  -- let in, and has yet to accept the rules
  target TEXT NOT NULL,
  room TEXT NOT NULL,                    -- where that was decided
  author TEXT NOT NULL,                  -- by whom
  area TEXT,
  places TEXT NOT NULL,                  -- JSON: the rooms
  given TEXT NOT NULL,                   -- JSON: those where the door's own say is enough
  since REAL NOT NULL,
  PRIMARY KEY (person, target)
);
