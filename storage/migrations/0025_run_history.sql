-- What is remembered of the bot's runs on this database (decision 0027). No backup contains it.
CREATE TABLE run_history (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  runs TEXT NOT NULL,                    -- JSON: the ids of the latest, in order
  folder TEXT NOT NULL,                  -- the mark of the folder in which the last one ran
  over TEXT NOT NULL,                    -- its word at a proper end; '': it had none
  stale INTEGER NOT NULL,                -- another run has worked since
  why TEXT NOT NULL                      -- why it was told to stop; '': it was not
);
INSERT INTO run_history SELECT 1,
  coalesce(json_extract(value, '$.runs'), '[]'),
  coalesce(json_extract(value, '$.folder'), ''),
  coalesce(json_extract(value, '$.over'), ''),
  coalesce(json_extract(value, '$.stale'), 0),
  coalesce(json_extract(value, '$.why'), '')
  FROM fact WHERE name = 'runs';
