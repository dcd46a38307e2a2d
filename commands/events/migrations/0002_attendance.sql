-- What people answered: about every date (''), or about the one with this key.
CREATE TABLE events_answer (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  date TEXT NOT NULL,                    -- the date's wall time by the rule, ISO; '': every date
  says TEXT NOT NULL,                    -- yes, maybe, no
  guests INTEGER NOT NULL,               -- whom they bring along
  place INTEGER NOT NULL,                -- in the order of the answers to this event
  PRIMARY KEY (item, person, date)
) WITHOUT ROWID;
CREATE INDEX events_answer_place ON events_answer (item, place);
CREATE INDEX events_answer_person ON events_answer (person);

-- The last taps of each person, so that one can be taken back (MSC3381).
CREATE TABLE events_tap (
  event TEXT PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  stamp INTEGER NOT NULL,
  choice TEXT NOT NULL                   -- the answer's name; '': taken back
) WITHOUT ROWID;
CREATE INDEX events_tap_of ON events_tap (item, person, stamp);
CREATE INDEX events_tap_person ON events_tap (person);

-- What somebody was told once and need not hear again.
CREATE TABLE events_told (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (item, person, about)
) WITHOUT ROWID;
CREATE INDEX events_told_person ON events_told (person);

-- Who wants no reminders: of this event, or (0) of any.
CREATE TABLE events_muted (
  person TEXT NOT NULL,
  item INTEGER NOT NULL,
  PRIMARY KEY (person, item)
) WITHOUT ROWID;

-- When nothing rings for a person, on their clock; who chose nothing sleeps from 22 to 7.
CREATE TABLE events_quiet (
  person TEXT PRIMARY KEY,
  start TEXT NOT NULL,                   -- the same twice: it always may
  stop TEXT NOT NULL
) WITHOUT ROWID;

-- Who was there: kept only in rooms that want it.
CREATE TABLE events_there (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  date TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (item, date, person)
) WITHOUT ROWID;
CREATE INDEX events_there_person ON events_there (person);
CREATE TABLE events_door (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  date TEXT NOT NULL,
  code TEXT NOT NULL,                    -- what is shown at the door
  PRIMARY KEY (item, date)
) WITHOUT ROWID;
CREATE TABLE events_missed (
  item INTEGER NOT NULL REFERENCES events_event(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  count INTEGER NOT NULL,                -- codes that did not fit
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX events_missed_person ON events_missed (person);
