-- Whom a person wants called when they are in danger, and whether those agreed to it.
CREATE TABLE danger_named (
  person TEXT NOT NULL,
  named TEXT NOT NULL,
  agreed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (person, named)
) WITHOUT ROWID;
CREATE INDEX danger_named_named ON danger_named (named);
-- A call for help that is open. Gone as soon as it is over.
CREATE TABLE danger_panic (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  at REAL NOT NULL,                      -- when the person called (UTC)
  note TEXT NOT NULL,                    -- what they wrote with it
  rung INTEGER NOT NULL DEFAULT 0,       -- how many times it rang
  taken TEXT                             -- who answered
);
CREATE TABLE danger_called (
  item INTEGER NOT NULL REFERENCES danger_panic(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX danger_called_person ON danger_called (person);
