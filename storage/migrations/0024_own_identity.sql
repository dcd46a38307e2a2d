-- A new identity of the bot, until the rooms are told of it; and that its keys are to be destroyed.
CREATE TABLE new_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at REAL NOT NULL                       -- UTC
);
CREATE TABLE destruction (one INTEGER PRIMARY KEY CHECK (one = 1));
INSERT INTO new_identity SELECT 1, unixepoch(value, 'subsec')
  FROM fact WHERE name = 'new-identity';
INSERT INTO destruction SELECT 1 FROM fact WHERE name = 'ending';
