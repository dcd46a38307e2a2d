-- Who does harm, as the words say, is called again only by name: so is, to be safe, whoever was left
-- out before this was kept. Who was called before they were left out reads that nobody calls them.
ALTER TABLE danger_left_out ADD COLUMN accused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE danger_left_out ADD COLUMN rang INTEGER NOT NULL DEFAULT 0;
UPDATE danger_left_out SET accused = 1;
