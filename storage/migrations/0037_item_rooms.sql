-- The rooms in which an item is shown besides its own: one poll, event or announcement in many.
CREATE TABLE item_shown (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,
  PRIMARY KEY (item, room)
) WITHOUT ROWID;
CREATE INDEX item_shown_room ON item_shown (room, item);
