-- Of what is shown here, `body` is other words of it, which wait for a moderator; `shown`: the digest
-- of those that stand; `seen`: the version that the moderators read.
ALTER TABLE links_received ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE links_received ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
UPDATE links_received SET seen = version;
UPDATE links_received SET body = '{}' WHERE state = 'taken';

-- How often a network did something today: its things are shown unasked, and told, so often a day.
CREATE TABLE links_pace (
  bot TEXT NOT NULL,
  what TEXT NOT NULL,
  day INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (bot, what)
) WITHOUT ROWID;
