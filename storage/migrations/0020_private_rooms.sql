-- When a private room was last made for a person who has not joined one. Times are UTC.
CREATE TABLE private_room_attempt (
  person TEXT PRIMARY KEY,
  at REAL NOT NULL
) WITHOUT ROWID;
INSERT INTO private_room_attempt
  SELECT substr(name, 7), CAST(value AS REAL) FROM fact WHERE name GLOB 'asked:*';
