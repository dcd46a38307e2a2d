-- Which rooms a space lists (m.space.child), as its server's state says.
CREATE TABLE space_child (
  space TEXT NOT NULL,
  room TEXT NOT NULL,
  PRIMARY KEY (space, room)
) WITHOUT ROWID;
CREATE INDEX space_child_room ON space_child (room);
