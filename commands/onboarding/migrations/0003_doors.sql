-- Doors: rooms where people knock; what they are asked; answers, each request with its own key.
CREATE TABLE onboarding_question (
  room TEXT NOT NULL,
  place INTEGER NOT NULL,
  text TEXT NOT NULL,
  options TEXT NOT NULL,                 -- JSON; none: any words, `yesno`: yes or no
  PRIMARY KEY (room, place)
);
CREATE TABLE onboarding_request (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  room TEXT NOT NULL,
  step TEXT NOT NULL,                    -- asking, deciding; or how it ended
  since REAL NOT NULL,                   -- when the step began
  questions TEXT NOT NULL                -- as they stood when the person knocked
);
CREATE INDEX onboarding_request_of ON onboarding_request (person, room);
CREATE TABLE onboarding_key (
  item INTEGER PRIMARY KEY REFERENCES onboarding_request(item) ON DELETE CASCADE,
  key BLOB NOT NULL
);
CREATE TABLE onboarding_answer (
  item INTEGER NOT NULL REFERENCES onboarding_request(item) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (item, place)
);
CREATE TABLE onboarding_refused (
  person TEXT NOT NULL,
  room TEXT NOT NULL,
  until REAL NOT NULL,
  PRIMARY KEY (person, room)
);
