-- Questionnaires: several questions that people are asked in private, one at a time.
CREATE TABLE questionnaires_form (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  questions TEXT NOT NULL,               -- JSON; they never change
  signed INTEGER NOT NULL,                -- the moderators read the answers with names
  closes REAL NOT NULL,
  closed REAL,
  asked INTEGER NOT NULL DEFAULT 0,      -- how many people were in its rooms at the end
  counts TEXT                            -- JSON, once closed: all that is ever shown
);

-- The rooms whose members are asked. `name` is kept for the counts.
CREATE TABLE questionnaires_room (
  item INTEGER NOT NULL REFERENCES questionnaires_form(item) ON DELETE CASCADE,
  room TEXT NOT NULL,
  PRIMARY KEY (item, room)
) WITHOUT ROWID;
CREATE INDEX questionnaires_rooms ON questionnaires_room (room);

-- The key under which the answers are sealed. Deleting it shreds them, and who gave them.
CREATE TABLE questionnaires_key (
  item INTEGER PRIMARY KEY REFERENCES questionnaires_form(item) ON DELETE CASCADE,
  key BLOB NOT NULL
);

-- Who began to answer. Of a questionnaire without names nothing stands here once it is closed.
CREATE TABLE questionnaires_person (
  item INTEGER NOT NULL REFERENCES questionnaires_form(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  room TEXT NOT NULL,
  place INTEGER NOT NULL DEFAULT 0,      -- the question that comes next, from 0
  finished INTEGER NOT NULL DEFAULT 0,
  sealed BLOB NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX questionnaires_people ON questionnaires_person (person);
CREATE INDEX questionnaires_person_room ON questionnaires_person (room);
