-- Elections: how many are elected, which groups have a share, and who does not stand any more.
ALTER TABLE poll_book_poll ADD COLUMN seats INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poll_book_poll ADD COLUMN quotas TEXT NOT NULL DEFAULT '';  -- `south=2-5:1,4`
ALTER TABLE poll_book_option ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
