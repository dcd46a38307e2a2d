-- What there is to do at an event, and for how many.
CREATE TABLE events_shift (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  place INTEGER NOT NULL,                -- in the order in which they were written, from 1
  name TEXT NOT NULL,
  people INTEGER NOT NULL,               -- so many are needed
  PRIMARY KEY (item, place)
) WITHOUT ROWID;

-- Who does it, on which date.
CREATE TABLE events_taken (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  date TEXT NOT NULL,                    -- the date's wall time by the rule, ISO; '': the only one
  name TEXT NOT NULL,                    -- of the shift, folded
  person TEXT NOT NULL,
  PRIMARY KEY (item, date, name, person)
) WITHOUT ROWID;
CREATE INDEX events_taken_person ON events_taken (person);
