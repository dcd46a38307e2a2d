-- The questions with which a room is set up: who answers them, and what was answered until they
-- were put off.
CREATE TABLE rooms_set_up (
  room TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  answers TEXT NOT NULL DEFAULT '{}',
  postponed INTEGER NOT NULL DEFAULT 0
) STRICT;
