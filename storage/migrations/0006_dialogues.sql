-- Talks that the bot began: they outlive their question, which gives way to what a person types.
CREATE TABLE dialogue (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feature TEXT NOT NULL,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON: what it was begun with
  known TEXT NOT NULL,                   -- JSON: what was answered so far
  patience REAL NOT NULL                 -- seconds that each of its questions waits
);
CREATE INDEX dialogue_person ON dialogue (person, id);
CREATE INDEX question_person ON question (person, until);
-- A private question is kept under its person: the room may be another one, or still to be made.
UPDATE OR REPLACE question SET room = person, thread = ''
  WHERE room IN (SELECT room FROM room WHERE private_of = question.person);
