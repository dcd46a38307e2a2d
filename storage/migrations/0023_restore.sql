-- The restore of a backup, until the rooms are told of it.
CREATE TABLE restore (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  made REAL NOT NULL                     -- when the backup was made, UTC
);
INSERT INTO restore SELECT 1, unixepoch(json_extract(value, '$.made'), 'subsec')
  FROM fact WHERE name = 'restored';
