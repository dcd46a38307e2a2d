-- When the moderators heard last that nobody is free to accompany a newcomer. Times are UTC.
CREATE TABLE onboarding_nobody_free (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at REAL NOT NULL
);
INSERT INTO onboarding_nobody_free SELECT 1, unixepoch(value, 'subsec')
  FROM fact WHERE name = 'no_companion';
