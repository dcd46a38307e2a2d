-- Who leads a cohort beside the person who began it, or was asked to.
CREATE TABLE teams_leader (
  cohort INTEGER NOT NULL REFERENCES teams_cohort(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  accepted INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (cohort, person)
);
CREATE INDEX teams_leader_of ON teams_leader (person);
