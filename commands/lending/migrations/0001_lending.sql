-- A thing that is lent: its name, as people wrote it, is the item's title.
CREATE TABLE lending_thing (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  room TEXT NOT NULL,                    -- the item's, moved with it
  name TEXT NOT NULL,                    -- as it is compared: folded, without article
  owner TEXT NOT NULL CHECK (owner IN ('person', 'room', 'network')),
  keeper TEXT NOT NULL,                  -- who hands it over; '' once they were forgotten
  open INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX lending_here ON lending_thing (room, name, item) WHERE open;
CREATE INDEX lending_wide ON lending_thing (name, item) WHERE open AND owner = 'network';
CREATE INDEX lending_kept ON lending_thing (keeper, item);

-- Somebody has it, will have it or waits for it. `handed` and `back` say who confirmed: 1 the
-- lender, 2 the borrower, 3 both.
CREATE TABLE lending_loan (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  thing INTEGER NOT NULL REFERENCES lending_thing(item) ON DELETE CASCADE,
  borrower TEXT NOT NULL,                -- '' once they were forgotten
  state TEXT NOT NULL CHECK (state IN ('wanted', 'booked', 'out', 'over')),
  starts REAL,                           -- UTC; NULL: as soon as it is free
  until REAL,                            -- UTC; of a day without an hour its end in `zone`
  timed INTEGER NOT NULL DEFAULT 0,      -- an hour was said
  zone TEXT NOT NULL,
  handed INTEGER NOT NULL DEFAULT 0,
  back INTEGER NOT NULL DEFAULT 0,
  CHECK (state NOT IN ('booked', 'out') OR (starts IS NOT NULL AND until > starts))
);
CREATE INDEX lending_of_thing ON lending_loan (thing, state, starts, item);
CREATE INDEX lending_of_person ON lending_loan (borrower, state, until, item);
CREATE UNIQUE INDEX lending_once_out ON lending_loan (thing) WHERE state = 'out';

-- Whatever the program thinks: nobody is promised a thing for a time that is somebody else's.
CREATE TRIGGER lending_no_double_new BEFORE INSERT ON lending_loan
WHEN NEW.state IN ('booked', 'out') AND EXISTS (
  SELECT 1 FROM lending_loan o WHERE o.thing = NEW.thing AND o.item != NEW.item
  AND o.state IN ('booked', 'out') AND o.starts < NEW.until AND NEW.starts < o.until)
BEGIN SELECT RAISE(ABORT, 'double booking'); END;
CREATE TRIGGER lending_no_double BEFORE UPDATE ON lending_loan
WHEN NEW.state IN ('booked', 'out') AND EXISTS (
  SELECT 1 FROM lending_loan o WHERE o.thing = NEW.thing AND o.item != NEW.item
  AND o.state IN ('booked', 'out') AND o.starts < NEW.until AND NEW.starts < o.until)
BEGIN SELECT RAISE(ABORT, 'double booking'); END;
