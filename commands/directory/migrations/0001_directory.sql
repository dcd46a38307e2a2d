-- Who offered to be found: a person or an organisation, with what they want shown.
CREATE TABLE directory_entry (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- the item's, moved with it
  person TEXT NOT NULL,                  -- who answers for it and gets the letters
  kind TEXT NOT NULL,                    -- person, organisation; '' where it was not said
  words TEXT NOT NULL,                   -- its name and what it knows, as typed
  place TEXT NOT NULL,
  shown TEXT NOT NULL,                   -- the address that is shown; '' : letters through the bot
  network INTEGER NOT NULL,              -- seen by whoever shares a room with the bot
  themes TEXT NOT NULL,                  -- as written, with spaces between
  asked REAL                             -- when it was asked whether all of it is still so
);
CREATE INDEX directory_of ON directory_entry (person, item);
CREATE INDEX directory_in ON directory_entry (room);
-- A letter that the bot passed on; its words are kept nowhere.
CREATE TABLE directory_letter (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  entry INTEGER NOT NULL REFERENCES directory_entry(item) ON DELETE CASCADE,
  sender TEXT NOT NULL,
  owner TEXT NOT NULL,
  at REAL NOT NULL,
  turn TEXT NOT NULL                     -- who may write next: owner, sender
);
CREATE INDEX directory_letter_entry ON directory_letter (entry, sender);
CREATE INDEX directory_letter_sender ON directory_letter (sender, at);
CREATE INDEX directory_letter_owner ON directory_letter (owner);
CREATE INDEX directory_letter_at ON directory_letter (at);
CREATE TABLE directory_blocked (
  owner TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (owner, person)
) WITHOUT ROWID;
CREATE INDEX directory_blocked_person ON directory_blocked (person);
