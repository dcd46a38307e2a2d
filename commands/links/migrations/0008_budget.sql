-- What is kept of a network, in bytes, and when people were last told that it is much (0: never).
ALTER TABLE links_peer ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE links_peer ADD COLUMN held_told REAL NOT NULL DEFAULT 0;
-- When anything of it was last heard (0: not known yet), and whether its silence was told.
ALTER TABLE links_peer ADD COLUMN heard REAL NOT NULL DEFAULT 0;
ALTER TABLE links_peer ADD COLUMN silence_told INTEGER NOT NULL DEFAULT 0;
UPDATE links_peer SET held = (
  SELECT coalesce(sum(length(content)), 0) FROM links_message m
  WHERE m.link = links_peer.link AND m.key = links_peer.key
);
