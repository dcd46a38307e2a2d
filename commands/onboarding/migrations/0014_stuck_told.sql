-- How often the moderators were told of somebody who is stuck, on this day (UTC).
CREATE TABLE onboarding_stuck_told (
  day TEXT PRIMARY KEY,
  count INTEGER NOT NULL
);
INSERT INTO onboarding_stuck_told
  SELECT substr(value, 1, instr(value, ' ') - 1), CAST(substr(value, instr(value, ' ') + 1) AS INTEGER)
  FROM fact WHERE name = 'stuck_told';
