-- Cohorts (many teams set up alike), their teams with a room each, who belongs to them, and steps.
CREATE TABLE teams_cohort (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  secret TEXT NOT NULL,                  -- in the addresses of its rooms: none is opened twice
  area TEXT NOT NULL,                    -- which its rooms join; '' if none
  space TEXT,                            -- which its rooms join
  shown REAL NOT NULL,                   -- when the progress was last shown
  tries INTEGER NOT NULL DEFAULT 0       -- how often it came to its end
);
CREATE TABLE teams_team (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  cohort INTEGER NOT NULL REFERENCES teams_cohort(item) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  state TEXT NOT NULL,
  room TEXT UNIQUE,
  UNIQUE (cohort, place)
);
CREATE TABLE teams_member (
  team INTEGER NOT NULL REFERENCES teams_team(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (team, person)
);
CREATE INDEX teams_member_of ON teams_member (person);
CREATE TABLE teams_step (
  id INTEGER PRIMARY KEY,
  cohort INTEGER NOT NULL REFERENCES teams_cohort(item) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  title TEXT NOT NULL
);
CREATE INDEX teams_step_of ON teams_step (cohort, place);
CREATE TABLE teams_done (
  team INTEGER NOT NULL REFERENCES teams_team(item) ON DELETE CASCADE,
  step INTEGER NOT NULL REFERENCES teams_step(id) ON DELETE CASCADE,
  at REAL NOT NULL,
  person TEXT NOT NULL,                  -- who said so; '' once they are forgotten
  PRIMARY KEY (team, step)
);
CREATE INDEX teams_done_by ON teams_done (person);
