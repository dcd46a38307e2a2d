-- One message in the moderators' room lists who waits at the doors, and is edited as they come,
-- move and end. It takes the place of a message for each request.
CREATE TABLE doors_list (
  item INTEGER PRIMARY KEY REFERENCES item (number) ON DELETE CASCADE,
  posted REAL,
  edited REAL NOT NULL DEFAULT 0,
  is_over INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE doors_listed (
  request INTEGER PRIMARY KEY REFERENCES doors_request (item) ON DELETE CASCADE,
  list INTEGER NOT NULL REFERENCES doors_list (item) ON DELETE CASCADE
) STRICT;
CREATE INDEX doors_listed_on ON doors_listed (list);
DROP TABLE doors_waiting_notice;
DELETE FROM job WHERE feature = 'doors' AND name = 'many_wait';
