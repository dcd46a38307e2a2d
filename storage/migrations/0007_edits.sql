-- What replaced a message of ours, so that it goes when the message goes; and how that was said.
CREATE TABLE edit (event TEXT PRIMARY KEY, target TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX edit_target ON edit (target);
ALTER TABLE posted ADD COLUMN loud INTEGER NOT NULL DEFAULT 0;        -- m.text; else m.notice
ALTER TABLE posted ADD COLUMN mentions TEXT NOT NULL DEFAULT '[]';    -- JSON: who was meant
