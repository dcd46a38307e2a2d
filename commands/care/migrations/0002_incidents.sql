-- What somebody told the care team, or an appeal. Its words are sealed under the row's own key:
-- with the key gone nobody can read them.
CREATE TABLE care_incident (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  key BLOB NOT NULL,
  about INTEGER,                         -- the number that is appealed
  mark BLOB NOT NULL,                    -- keyed hash of who told it
  reporter TEXT,                         -- gone once they are forgotten
  owner TEXT,                            -- who takes care of it, or did
  due REAL NOT NULL,                     -- UTC: when somebody is reminded
  closed REAL,                           -- UTC
  reminded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX care_incident_mark ON care_incident (mark);
CREATE INDEX care_incident_about ON care_incident (about);
CREATE TABLE care_incident_part (
  id INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES care_incident(item) ON DELETE CASCADE,
  sealed BLOB NOT NULL
);
CREATE INDEX care_incident_part_item ON care_incident_part (item);
-- Whom it is about and who decided what is appealed, as keyed hashes: they neither read nor decide.
CREATE TABLE care_apart (
  item INTEGER NOT NULL REFERENCES care_incident(item) ON DELETE CASCADE,
  mark BLOB NOT NULL,
  PRIMARY KEY (item, mark)
) WITHOUT ROWID;
