-- Who is out, until when, and who is told if they don't come back. Gone as soon as it is over.
CREATE TABLE safety_return (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  due REAL NOT NULL,                     -- UTC
  zone TEXT NOT NULL,                    -- in which it was said
  note TEXT NOT NULL,                    -- where, with whom: read only by those who are told
  told INTEGER NOT NULL DEFAULT 0,       -- how many times the people named were told
  taken TEXT,                            -- who of them takes care of it
  said REAL NOT NULL                     -- when it was noted or changed last (UTC)
);
CREATE TABLE safety_named (
  item INTEGER NOT NULL REFERENCES safety_return(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX safety_named_person ON safety_named (person);
-- Whom a person named last: named again where they name nobody.
CREATE TABLE safety_usual (
  person TEXT NOT NULL,
  named TEXT NOT NULL,
  PRIMARY KEY (person, named)
) WITHOUT ROWID;
CREATE INDEX safety_usual_named ON safety_usual (named);
