-- Who wants to hear once a week what is new, and of which themes.
CREATE TABLE finding_follower (
  person TEXT PRIMARY KEY,
  day TEXT NOT NULL,                     -- `MO 09:00`, on the person's own clock
  last INTEGER NOT NULL,                 -- what can be found up to that id has been told
  job INTEGER NOT NULL                   -- the one that is meant; an older one says nothing
) WITHOUT ROWID;

CREATE TABLE finding_theme (
  person TEXT NOT NULL REFERENCES finding_follower ON DELETE CASCADE,
  theme TEXT NOT NULL,                   -- as it is compared; '': all there is
  name TEXT NOT NULL,
  PRIMARY KEY (person, theme)
) WITHOUT ROWID;
