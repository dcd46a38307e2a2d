-- Who left a room by their own will, and was not put out: they may still take back what is theirs.
CREATE TABLE parted (
  room TEXT NOT NULL REFERENCES room ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (room, person)
) WITHOUT ROWID;
