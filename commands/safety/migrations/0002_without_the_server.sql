-- Whether the person wants nothing of it left at the homeserver, which would learn when and for whom.
ALTER TABLE safety_return ADD COLUMN is_local INTEGER NOT NULL DEFAULT 0;
