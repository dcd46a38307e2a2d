-- Announcements that stand in many rooms or ask who has read them. Times are UTC, in seconds.
CREATE TABLE announcements_announcement (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  text TEXT NOT NULL,
  asks INTEGER NOT NULL                  -- does it ask who has read it?
);
-- Who said that they have read it, and in which of its rooms.
CREATE TABLE announcements_reading (
  item INTEGER NOT NULL REFERENCES announcements_announcement(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  room TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX announcements_reading_person ON announcements_reading (person);
