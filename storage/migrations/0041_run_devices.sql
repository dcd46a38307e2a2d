-- The devices that runs on this database used and that are not signed out, the current one first.
-- The account's data at the homeserver names them too, where whoever has the account can change it.
ALTER TABLE run_history ADD COLUMN devices TEXT NOT NULL DEFAULT '[]';  -- JSON
