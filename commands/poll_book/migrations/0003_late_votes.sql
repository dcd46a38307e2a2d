-- A vote sent in time and read after the end still counts, until the result is final.
ALTER TABLE polls_poll ADD COLUMN final INTEGER NOT NULL DEFAULT 0;
UPDATE polls_poll SET final = 1 WHERE ended IS NOT NULL;

-- Who was told in private that a tap came too late: once for each poll.
CREATE TABLE polls_told (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (poll, person)
) WITHOUT ROWID;
CREATE INDEX polls_told_person ON polls_told (person);
