-- In which teams' rooms leading gave somebody the power to moderate: only that is taken back.
CREATE TABLE teams_power (
  team INTEGER NOT NULL REFERENCES teams_team(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (team, person)
);
CREATE INDEX teams_power_of ON teams_power (person);
