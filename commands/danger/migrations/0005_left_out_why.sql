-- Who does harm, as the words say, is called again only by name: so is, to be safe, whoever was left
-- out before this was kept.
ALTER TABLE danger_left_out ADD COLUMN accused INTEGER NOT NULL DEFAULT 0;
UPDATE danger_left_out SET accused = 1;
