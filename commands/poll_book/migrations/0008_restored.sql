-- Polls that closed while votes were unknown after a restore: they have no result, and may go on.
CREATE TABLE polls_restored (
  poll INTEGER PRIMARY KEY REFERENCES polls_poll(number) ON DELETE CASCADE,
  made REAL NOT NULL                     -- of the copy: votes after that are unknown
);
