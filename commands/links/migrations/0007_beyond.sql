-- When a network last said something that this version does not know; on the day, 0: never.
ALTER TABLE links_peer ADD COLUMN beyond REAL NOT NULL DEFAULT 0;
