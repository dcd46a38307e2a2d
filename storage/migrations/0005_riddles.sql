-- Whose message it is: one person's flood pushes out nobody else's.
ALTER TABLE waiting ADD COLUMN sender TEXT NOT NULL DEFAULT '';
UPDATE waiting SET sender = coalesce(json_extract(raw, '$.sender'), '');
CREATE INDEX waiting_sender ON waiting (room, sender, since);
-- Told and said have a mark each now: what was only told (1) is still to be handled.
DELETE FROM seen WHERE event IN (SELECT event FROM waiting WHERE told = 1);
