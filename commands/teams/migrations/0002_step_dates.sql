-- Until when a step is to be done, if that was said.
ALTER TABLE teams_step ADD COLUMN due REAL;
