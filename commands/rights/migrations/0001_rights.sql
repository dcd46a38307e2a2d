-- Once a day what is over is noted, and what was kept long enough goes. Where the bot is in no room
-- yet, that begins when it comes into the first.
INSERT INTO job (feature, name, room, due, try_at, payload)
  SELECT 'rights', 'daily', '', 0, 0, '{}' WHERE EXISTS (SELECT 1 FROM room WHERE joined);
