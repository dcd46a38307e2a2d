-- That the bot came back with its recovery key and without its data, until the rooms are told.
CREATE TABLE recovery (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at REAL NOT NULL                       -- UTC
);
