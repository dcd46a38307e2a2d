-- Whether an edit is of who wrote the line: a hash of its event and its author, until the end.
ALTER TABLE meetings_line ADD COLUMN mark TEXT NOT NULL DEFAULT '';
