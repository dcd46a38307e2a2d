-- The welcome that a room's moderators wrote, who waits for it, and who is new in the network.
CREATE TABLE onboarding_welcome (
  room TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (room, language)
);
CREATE TABLE onboarding_greeting (
  room TEXT NOT NULL,
  person TEXT NOT NULL,
  at REAL NOT NULL,                      -- when they came in
  said INTEGER NOT NULL DEFAULT 0,       -- was welcomed: not again if they go and come back soon
  PRIMARY KEY (room, person)
);
CREATE INDEX onboarding_greeting_of ON onboarding_greeting (person);
CREATE TABLE onboarding_newcomer (
  person TEXT PRIMARY KEY,
  since REAL NOT NULL,
  ready REAL,                            -- in their rooms since then, or long enough in one of them
  told REAL                              -- when they got the summary by itself; that is once
);
CREATE INDEX onboarding_newcomer_ready ON onboarding_newcomer (ready) WHERE told IS NULL;
CREATE INDEX onboarding_invitation_of ON onboarding_invitation (person);
