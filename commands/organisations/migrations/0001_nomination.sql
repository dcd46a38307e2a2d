-- Whom an organisation's delegate named as the next delegate or alternate: it waits for the alternate's yes.
CREATE TABLE organisations_nomination (
  organisation INTEGER PRIMARY KEY,      -- poll_book_organisation.id; one waits at a time
  role TEXT NOT NULL,                    -- 'delegate' or 'alternate'
  next TEXT NOT NULL,                    -- who is named
  delegate TEXT NOT NULL,                -- the delegate who named them, and the alternate who
  alternate TEXT NOT NULL,               -- confirms: both as they were then
  at REAL NOT NULL                       -- UTC, in seconds since 1970
);
CREATE INDEX organisations_nomination_next ON organisations_nomination (next);
CREATE INDEX organisations_nomination_delegate ON organisations_nomination (delegate);
CREATE INDEX organisations_nomination_alternate ON organisations_nomination (alternate);
