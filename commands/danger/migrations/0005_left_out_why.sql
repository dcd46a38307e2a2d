-- Who does harm, as the words say, is called again only by name; who was called before they were left
-- out may still answer.
ALTER TABLE danger_left_out ADD COLUMN accused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE danger_left_out ADD COLUMN rang INTEGER NOT NULL DEFAULT 0;
