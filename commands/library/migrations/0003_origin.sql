-- The network whose thing this is a copy of; '' for our own.
ALTER TABLE library_resource ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE INDEX library_origin ON library_resource (origin) WHERE origin != '';
