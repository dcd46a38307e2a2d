-- Who votes for whom as long as they do not vote themselves, in polls of people. Distance 1: the
-- voter chose the holder; 2: the holder of distance 1 chose them, and so on, where a room allows it.
CREATE TABLE poll_book_proxy (
  poll INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  holder TEXT NOT NULL,
  distance INTEGER NOT NULL CHECK (distance > 0),
  PRIMARY KEY (poll, voter, distance)
) WITHOUT ROWID;
CREATE INDEX poll_book_proxy_holder ON poll_book_proxy (holder, poll);
CREATE INDEX poll_book_proxy_voter ON poll_book_proxy (voter);
