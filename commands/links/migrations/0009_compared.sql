-- Did our moderators compare the code with this network themselves, or accept it on another's word?
ALTER TABLE links_peer ADD COLUMN compared INTEGER NOT NULL DEFAULT 0;
UPDATE links_peer SET compared = ours;
