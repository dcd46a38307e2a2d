-- The newest event that a sync brought until its token: a homeserver that does not know it at the
-- next start was brought back from an older copy.
ALTER TABLE sync ADD COLUMN newest_room TEXT;
ALTER TABLE sync ADD COLUMN newest_event TEXT;
