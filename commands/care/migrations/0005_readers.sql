-- Who was told of an incident, or was let in later, as keyed hashes. Whoever comes to the team
-- after that and may be meant by its words does not read it.
CREATE TABLE care_reader (
  item INTEGER NOT NULL REFERENCES care_incident(item) ON DELETE CASCADE,
  mark BLOB NOT NULL,
  PRIMARY KEY (item, mark)
) WITHOUT ROWID;
