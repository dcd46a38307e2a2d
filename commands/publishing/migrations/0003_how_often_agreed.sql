-- How often somebody said yes to their name in what is public of an item. A yes that follows on a no
-- is a line of the public log, which only grows.
ALTER TABLE publishing_consent ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0;
UPDATE publishing_consent SET agreed = 1 WHERE answer = 1;
