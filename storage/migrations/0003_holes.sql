-- Rooms of whose history our server may still be fetching a part (docs/decisions/0010). Times are UTC.
CREATE TABLE hole (
  room TEXT PRIMARY KEY,
  floor REAL NOT NULL,                   -- nothing older can be missing
  looks INTEGER NOT NULL,                -- how often we looked in vain
  due REAL NOT NULL                      -- when we look again
) WITHOUT ROWID;
CREATE INDEX hole_due ON hole (due);
