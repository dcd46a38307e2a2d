-- Whom a call for help does not reach, because its words name them.
CREATE TABLE danger_left_out (
  item INTEGER NOT NULL REFERENCES danger_panic(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX danger_left_out_person ON danger_left_out (person);
