-- When the newest event was sent: one that is missing after long may have been deleted by its age.
-- Of the one stored now only the last live sync is known, before which it came.
ALTER TABLE sync ADD COLUMN newest_at REAL;
UPDATE sync SET newest_at = (SELECT until FROM live) WHERE newest_event IS NOT NULL;
