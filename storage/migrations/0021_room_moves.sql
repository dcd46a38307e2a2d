-- Which room replaced another one, to which everything that was kept of it has moved.
CREATE TABLE room_move (
  old TEXT PRIMARY KEY,
  new TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO room_move SELECT substr(name, 7), value FROM fact WHERE name GLOB 'moved:*';
