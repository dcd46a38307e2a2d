-- Rooms that are about to be closed: when, and where what they keep goes.
CREATE TABLE closing_plan (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  at REAL NOT NULL,                      -- the room stays until then, so that people can object
  keep TEXT NOT NULL,                    -- the room whose library takes it; '' if none
  together INTEGER NOT NULL              -- with a cohort's other rooms: told there once, at the end
);
